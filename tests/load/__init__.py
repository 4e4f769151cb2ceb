"""The server under load: `python -m tests.load [--streams N] [--starts N] [--peer PYTHON]`."""
