"""`python -m openai_assistants.server`: the same as `openai-assistants serve`."""

import sys

from openai_assistants.cli import main

if __name__ == "__main__":
    raise SystemExit(main(["serve", *sys.argv[1:]]))
