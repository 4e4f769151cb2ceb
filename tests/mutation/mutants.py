"""Small defects for a module, one at a time: a changed comparison, a lost statement, another constant."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

NodeT = TypeVar("NodeT", bound=ast.AST)

_TELLING, _LONG = 24, 100
"""Characters that make the text of a change tell where it is, and those that are too many for it."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_OPPOSITES = {
    one: other
    for pair in (
        ("min", "max"),
        ("any", "all"),
        ("startswith", "endswith"),
        ("removeprefix", "removesuffix"),
        ("find", "rfind"),
        ("partition", "rpartition"),
    )
    for one, other in (pair, pair[::-1])
}
_TYPING = frozenset({"TypeVar", "ParamSpec", "NewType"})
_LOGGING = ("logger.", "log_")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one defect."""

    place: str
    """Qualified name of the function, or of the constant or class outside of functions; empty for what has no name."""
    change: str
    """What was changed into what. Together with the place it names the mutant for as long as that code stays."""
    lines: range
    """Where the statement stands."""
    function: tuple[str, int] | None
    """Qualified name and first line of the function whose code differs; None where only a new import shows it."""
    tree: ast.Module
    """The module. It is the mutated one until the next mutant is asked for."""


def mutants(source: str, only: Sequence[str] = ()) -> Iterator[Mutant]:
    """All mutants of a module, or those of some of its functions and classes."""
    tree = ast.parse(source)
    seen: Counter[tuple[str, str]] = Counter()
    for mutant in _Walk(tree).module():
        if only and not any(f"{mutant.place}.".startswith(f"{name}.") for name in only):
            continue
        seen[mutant.place, mutant.change] += 1
        number = seen[mutant.place, mutant.change]
        change = mutant.change if number == 1 else f"{mutant.change} ({number})"
        yield Mutant(mutant.place, change, mutant.lines, mutant.function, tree)


class _Walk:
    """Goes through a tree; at each node that can be changed the change is made, handed out and taken back."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._place: list[str] = []
        self._function: tuple[str, int] | None = None
        self._lines = range(0)
        self._above: list[ast.AST] = []
        """The nodes around the present one, from its statement on."""

    def module(self) -> Iterator[Mutant]:
        for statement in self._tree.body:
            yield from self._statement(statement)

    def _statement(self, node: ast.stmt) -> Iterator[Mutant]:
        if isinstance(node, (ast.Import, ast.ImportFrom)) or _is_for_types(node) or _is_text(node):
            return
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from self._definition(node)
            return
        around, self._lines, self._above = (self._lines, self._above, list(self._place)), _header(node), [node]
        if self._function is not None:
            yield from self._lost(node)
        else:
            self._place += [ast.unparse(target) for target in _assigned(node)[:1]]
        yield from self._children(node)
        self._lines, self._above, self._place = around

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Mutant]:
        around, self._lines, self._above = (self._lines, self._above, self._function), _header(node), [node]
        self._place.append(node.name)
        if not isinstance(node, ast.ClassDef):
            for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                yield from self._expression(default, node.args)
            if self._function is None:
                first = min(line.lineno for line in (node, *node.decorator_list))
                self._function = ".".join(self._place), first
        for statement in node.body:
            yield from self._statement(statement)
        self._place.pop()
        self._lines, self._above, self._function = around

    def _lost(self, node: ast.stmt) -> Iterator[Mutant]:
        """The function without this statement."""
        removable = (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Continue, ast.Break, ast.Delete)
        if isinstance(node, removable) or (isinstance(node, ast.Return) and not node.value):
            yield from self._as(node, ast.Pass(), f"no {ast.unparse(node)}")
        if isinstance(node, ast.Continue):
            yield from self._as(node, ast.Break(), "continue -> break")
        if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
            yield from self._as(node, ast.Return(ast.Constant(None)), f"{ast.unparse(node)} -> return None")

    def _as(self, node: NodeT, other: NodeT, change: str) -> Iterator[Mutant]:
        """The tree while one node is another one: nobody has to know in which field it stands."""
        kind, fields = node.__class__, dict(node.__dict__)
        ast.copy_location(other, node)
        node.__class__ = other.__class__
        node.__dict__.clear()
        node.__dict__.update(other.__dict__)
        ast.fix_missing_locations(node)
        yield Mutant(".".join(self._place), change, self._lines, self._function, self._tree)
        node.__class__ = kind
        node.__dict__.clear()
        node.__dict__.update(fields)

    def _children(self, node: ast.AST) -> Iterator[Mutant]:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "ctx", "decorator_list", "format_spec"):
                continue
            for child in list(value) if isinstance(value, list) else [value]:
                if isinstance(child, ast.stmt):
                    yield from self._statement(child)
                elif isinstance(child, ast.AST):
                    yield from self._expression(child, node)

    def _expression(self, node: ast.AST, parent: ast.AST) -> Iterator[Mutant]:
        if isinstance(node, ast.ExceptHandler):
            around, self._lines = self._lines, range(node.lineno, node.body[0].lineno)
            name = ast.unparse(node.type) if node.type is not None else ""
            never = ast.ExceptHandler(ast.Tuple([], ast.Load()), node.name, node.body)
            yield from self._as(node, never, f"no except {name}")
            yield from self._children(node)
            self._lines = around
            return
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)):
            if name.startswith(_LOGGING) or name in _TYPING:
                return
            if name.endswith("cast"):
                yield from self._expression(node.args[1], node)
                return
        if isinstance(parent, ast.Subscript) and isinstance(node, ast.Tuple):
            return
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    yield from self._expression(part.value, part)
            return
        if isinstance(node, ast.expr):
            for other in _others(node, parent):
                yield from self._as(node, other, self._change(node, other))
            for other, lost in _smaller(node):
                yield from self._as(node, other, f"{_short(node)} without {ast.unparse(lost)}")
        elif isinstance(node, ast.comprehension):
            for condition in node.ifs:
                yield from self._negated(condition)
        self._above.append(node)
        yield from self._children(node)
        self._above.pop()

    def _negated(self, node: ast.expr) -> Iterator[Mutant]:
        for other in _negations(node):
            yield from self._as(node, other, self._change(node, other))

    def _change(self, node: ast.expr, other: ast.expr) -> str:
        """The texts before and after, with so much around them that they tell something."""
        whole: ast.AST = node
        for above in reversed(self._above):
            if len(ast.unparse(whole)) >= _TELLING or not isinstance(above, (ast.expr, ast.keyword)):
                break
            if len(ast.unparse(above)) > _LONG:
                break
            whole = above
        before = ast.unparse(whole)
        if whole is node:
            return f"{before} -> {ast.unparse(other)}"
        kept = node.__class__, dict(node.__dict__)
        node.__class__, node.__dict__ = other.__class__, other.__dict__
        after = ast.unparse(whole)
        node.__class__, node.__dict__ = kept
        return f"{before} -> {after}"


def _others(node: ast.expr, parent: ast.AST) -> Iterator[ast.expr]:
    """What an expression can be changed into."""
    if node is getattr(parent, "test", None):
        yield from _negations(node)
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in _COMPARISONS[type(operator)]:
                yield _with(node, ops=_put(node.ops, index, other()))
    elif isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            rest = _without(node.values, index)
            yield rest[0] if len(rest) == 1 else _with(node, values=rest)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.BinOp):
        yield _with(node, op=_ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in _other_values(node.value))
    elif isinstance(node, ast.Slice):
        if node.lower is not None:
            yield _with(node, lower=None)
        if node.upper is not None:
            yield _with(node, upper=None)
    elif isinstance(node, ast.Lambda):
        yield _with(node, body=ast.Constant(None))
    if isinstance(node, ast.Name) and node.id in _OPPOSITES and isinstance(node.ctx, ast.Load):
        yield _with(node, id=_OPPOSITES[node.id])
    if isinstance(node, ast.Attribute) and node.attr in _OPPOSITES:
        yield _with(node, attr=_OPPOSITES[node.attr])


def _smaller(node: ast.expr) -> Iterator[tuple[ast.expr, ast.AST]]:
    """An expression without one of its elements or named arguments, and what that was."""
    if isinstance(node, (ast.Set, ast.List, ast.Tuple)) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        for index, element in enumerate(node.elts):
            if not isinstance(element, ast.Constant) and len(node.elts) > 1:
                yield _with(node, elts=_without(node.elts, index)), element
    elif isinstance(node, ast.Dict):
        for index, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            yield _with(node, keys=_without(node.keys, index), values=_without(node.values, index)), key or value
    elif isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg is not None:
                yield _with(node, keywords=_without(node.keywords, index)), keyword


def _short(node: ast.expr) -> str:
    """The text of an expression; of a long call or display only what it is."""
    text = ast.unparse(node)
    if len(text) <= _LONG:
        return text
    return f"{ast.unparse(node.func)}(...)" if isinstance(node, ast.Call) else f"{text[0]}...{text[-1]}"


def _negations(node: ast.expr) -> Iterator[ast.expr]:
    """The opposite of a condition that does not change in any other way."""
    if not isinstance(node, (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Constant)):
        yield ast.UnaryOp(ast.Not(), copy.copy(node))


def _other_values(value: object) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield value + 1
    elif isinstance(value, str) and " " not in value:  # what has spaces is written for people
        yield value + "x"
    elif isinstance(value, bytes):
        yield value + b"x"


def _with(node: NodeT, **changes: Any) -> NodeT:
    other = copy.copy(node)
    other.__dict__.update(changes)
    return other


def _put(items: Sequence[Any], index: int, item: object) -> list[Any]:
    return [*items[:index], item, *items[index + 1 :]]


def _without(items: Sequence[Any], index: int) -> list[Any]:
    return [*items[:index], *items[index + 1 :]]


def _assigned(node: ast.stmt) -> list[ast.expr]:
    """What a statement assigns to."""
    return node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []


def _header(node: ast.stmt) -> range:
    """The lines of a statement, without those of the statements in it."""
    body = getattr(node, "body", None)
    end = max(node.lineno + 1, body[0].lineno) if body else (node.end_lineno or node.lineno) + 1
    return range(node.lineno, end)


def _is_for_types(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    return isinstance(node, ast.ClassDef) and any(ast.unparse(base).startswith("Protocol") for base in node.bases)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
