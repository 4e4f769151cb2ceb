"""`python -m openai_assistants.cli`: the command, where it is not installed."""

from . import script

if __name__ == "__main__":
    script()
