"""Batches: files of requests, and what becomes of them in the background."""
