"""Owns accounts: credentials, profiles and API tokens. Knows nothing of what people publish."""
