"""Where programs look for `lib.streaming`."""
