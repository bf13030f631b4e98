"""Plumbing that every process needs. Knows neither a user nor a post, and imports nothing of the services."""
