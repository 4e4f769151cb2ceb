"""The version, in one place: the build, the `User-Agent` header and `openai_assistants.__version__` read it here."""

__version__ = "0.1.0"
