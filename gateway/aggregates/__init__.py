"""Answers that need both services: fan out, join. A page and its API twin call the same one.

Two calls that do not depend on each other always run at the same time, and no list makes a call per row.
"""
