"""Runs the whole of Broadsheet on one machine without Docker, and fills it with demo data. No service imports this."""


class CannotStart(Exception):
    """Something of a local run cannot start; its text is all that a person needs to know."""
