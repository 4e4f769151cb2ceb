"""Fixtures of the dialects' tests: three flavours of client, and no long waits between attempts."""

from tests.fixtures import flavour as flavour, impatient as impatient
