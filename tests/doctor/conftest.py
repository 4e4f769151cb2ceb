"""The doctor does not wait long between two looks at a run."""

from tests.fixtures import impatient as impatient
