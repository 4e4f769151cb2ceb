"""Runs: their states, their event log, the changes they go through, and the engine that carries them out."""
