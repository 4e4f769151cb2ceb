"""Benchmarks: our client beside bare httpx with `json.loads` and beside the official client, in one run.

    make bench

Each adapter works in a process of its own, against a server of canned bytes in yet another process. Processes of the
adapters take turns, and what is compared is the CPU time of the client's process, since the clock of a shared machine
says little.
"""
