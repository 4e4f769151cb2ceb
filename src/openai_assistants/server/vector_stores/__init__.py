"""Vector stores: their state, their files, and what happens to these in the background."""
