"""The only public door. Owns no table: it signs callers' requests, fans them out and joins what comes back."""
