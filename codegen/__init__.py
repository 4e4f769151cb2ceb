"""Reads the API specs and writes the typed parts of the client."""
