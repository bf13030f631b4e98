"""The internal JSON API: parse, call one operation, return. Only the gateway calls it."""
