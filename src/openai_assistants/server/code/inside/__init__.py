"""Scripts that run inside the sandbox, with nothing of this package to import."""
