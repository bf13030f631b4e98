"""Owns what people publish. Knows its authors by id only; their names live elsewhere."""
