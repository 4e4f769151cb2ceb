"""The tool itself: the mutants it makes, that it tells noticed ones from others; and that what is explained exists."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter

import pytest

from tests.mutation.explained import explained
from tests.mutation.mutants import mutants
from tests.mutation.targets import ROOT, TARGETS


def changes(source: str) -> list[str]:
    """The changes of the mutants of a function body."""
    body = "".join(f"    {line}\n" for line in source.splitlines())
    return [mutant.change for mutant in mutants(f"def f(a, b):\n{body}")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("return a < b", ["return a < b -> return None", "a < b -> a <= b", "a < b -> a >= b"]),
        ("if a and b: pass", ["a and b -> b", "a and b -> a"]),
        ("if a: pass", ["a -> not a"]),
        ("while not a: pass", ["not a -> a"]),
        ("[x for x in a if x]", ["no [x for x in a if x]", "[x for x in a if x] -> [x for x in a if not x]"]),
        ("a += 1", ["no a += 1", "1 -> 2"]),
        ("for x in a: continue", ["no continue", "continue -> break"]),
        ("return", ["no return"]),
        ("return None", []),
        ("raise a", ["no raise a"]),
        ("return a[b:]", ["return a[b:] -> return None", "a[b:] -> a[:]"]),
        ("f(a, b=True)", ["no f(a, b=True)", "f(a, b=True) without b=True", "f(a, b=True) -> f(a, b=False)"]),
        ("try: pass\nexcept OSError: pass", ["no except OSError"]),
        ("logger.info(a, 1)", ["no logger.info(a, 1)"]),
        ("x: int = 'for people to read'", []),
        ("'a docstring'", []),
        ("{1, b}\n{2: 3}", ["no {1, b}", "{1, b} without b", "{1, b} -> {2, b}", "no {2: 3}", "{2: 3} without 2"]),
        ("max(a, b)", ["no max(a, b)", "max(a, b) -> min(a, b)"]),
    ],
)
def test_the_mutants_of_a_statement(source: str, expected: list[str]) -> None:
    found = changes(source)
    assert found[: len(expected)] == expected
    assert Counter(found) == Counter(set(found))


def test_a_tree_is_the_mutated_one_until_the_next_is_asked_for_and_whole_again_in_the_end() -> None:
    source = (ROOT / "src/openai_assistants/_exchange.py").read_text()
    whole = ast.dump(ast.parse(source))
    last = None
    for last in mutants(source):
        assert ast.dump(last.tree) != whole
    assert last is not None and ast.dump(last.tree) == whole


def tried(target: str) -> Counter[str]:
    """What becomes of some mutants of a target, given as the text that makes it."""
    program = (
        "from tests.mutation.worker import Trial\n"
        "from tests.mutation.targets import Target\n"
        f"Trial({target}, every=7).run()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Counter(json.loads(line)["outcome"] for line in done.stdout.splitlines())


def test_what_tests_notice_and_what_they_do_not() -> None:
    assert tried("Target('_http', ('unit/test_retry.py',), ('is_retried_status',))") == {"killed": 3}
    assert tried("Target('_http', ('unit/test_listing.py',), ('_number',))") == {"survived": 1}


def test_what_is_explained_still_exists() -> None:
    """Otherwise the code has changed, and the survivors want to be looked at anew."""
    there = {
        (name, mutant.place, mutant.change)
        for name, target in TARGETS.items()
        for mutant in mutants(target.path.read_text(), target.only)
    }
    assert explained().keys() - there == set()
