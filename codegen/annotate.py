"""Types of the intermediate form -> Python annotations, and the imports that these need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from codegen.ir import (
    Alias,
    Array,
    Choice,
    Definition,
    Flavour,
    Literals,
    Map,
    Model,
    Nullable,
    Primitive,
    Ref,
    SuggestedString,
    TaggedUnion,
    Topic,
    Type,
)
from codegen.load import SpecError
from codegen.order import is_same_for_both
from codegen.sdk import FILE


class Imports:
    """The imports of one module."""

    def __init__(self, module: str, own_names: Iterable[str] = (), *, is_package: bool = False) -> None:
        self.module = module
        self.package = module if is_package else module.rpartition(".")[0]
        self.own_names = frozenset(own_names)
        self.names: dict[str, set[str]] = {}
        self.modules: set[str] = set()

    def add(self, source: str, name: str) -> str:
        """Import a name of a module of the package, given by its dotted name below the package."""
        return self.add_from(self.relative(source), name)

    def add_from(self, source: str, name: str) -> str:
        """Import a name as it is written in a `from` import."""
        others = [other for other, names in self.names.items() if name in names and other != source]
        if others or name in self.own_names:
            where = others[0] if others else "the module itself"
            raise SpecError(FILE, "", f"{self.module}: {name} is wanted from {source}, but {where} has one too")
        self.names.setdefault(source, set()).add(name)
        return name

    def relative(self, target: str) -> str:
        """How this module names another one of the package in a `from` import."""
        here = self.package.split(".") if self.package else []
        there = target.split(".") if target else []
        same = 0
        while same < min(len(here), len(there)) and here[same] == there[same]:
            same += 1
        return "." * (len(here) - same + 1) + ".".join(there[same:])

    def lines(self) -> list[str]:
        plain = [f"import {module}" for module in sorted(self.modules)]
        return plain + [
            f"from {source} import {', '.join(sorted(names))}" for source, names in sorted(self.names.items())
        ]


class Annotator:
    """Writes annotations for one module.

    `own` gets the imports from the package, `std` those from elsewhere.
    """

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        topics: Mapping[str, Topic],
        flavour: Flavour,
        own: Imports,
        std: Imports,
    ) -> None:
        self.definitions = definitions
        self.topics = topics
        self.flavour: Flavour = flavour
        self.own = own
        self.std = std
        self.hidden: frozenset[str] = frozenset()
        """Names that fields or methods of the class hide, around the annotations that are written."""
        self.pending: set[str] = set()
        """Names of this module that are not defined yet."""
        self._names_pending = False

    def annotation(self, type_: Type, form: str = "{}") -> str:
        """The annotation of a variable, in a form such as `{} | None`; quoted where it names what comes later."""
        self._names_pending = False
        text = form.format(self.text(type_))
        mark = "'" if '"' in text else '"'
        return f"{mark}{text}{mark}" if self._names_pending else text

    def text(self, type_: Type) -> str:
        match type_:
            case Primitive():
                return self._primitive(type_)
            case Literals():
                return self.literals(type_)
            case SuggestedString(names):
                string = self._builtin("str")
                return string if self.flavour == "result" or names is None else f"{string} | {self.text(Ref(names))}"
            case Ref(schema):
                return self._reference(self.definitions[schema])
            case Array(item):
                return self._array(item)
            case Map(value):
                return f"{self._builtin('dict')}[{self._builtin('str')}, {self.text(value)}]"
            case Choice(members):
                return " | ".join(self.text(member) for member in members)
            case Nullable(inner):
                return f"{self.text(inner)} | None"

    def literals(self, type_: Literals) -> str:
        values = ", ".join(quote(value) for value in type_.values)
        text = f"{self.std.add_from('typing', 'Literal')}[{values}]"
        # Parameters are open too: what was read from a result can be passed on, and a typo is still no listed string.
        return text if type_.closed else f"{text} | {self.own.add('_models', 'UnknownValue')}"

    def result_name(self, definition: Definition) -> str:
        """Name of a result class or alias."""
        return self._name(definition, "result")

    def param_name(self, definition: Definition) -> str:
        """Name of a parameter class or alias."""
        return self._name(definition, "param")

    def unknown_name(self, union: TaggedUnion) -> str:
        assert union.unknown is not None
        return self._from_topic("result", union.names.topic, union.unknown)

    def _primitive(self, type_: Primitive) -> str:
        if type_.kind == "timestamp":
            return self.own.add("_models", "Timestamp") if self.flavour == "result" else self._builtin("int")
        if type_.kind == "file":
            return self.own.add("_files", "FileTypes")
        return self._builtin(type_.kind)

    def _builtin(self, name: str) -> str:
        if name not in self.hidden:
            return name
        self.std.modules.add("builtins")
        return f"builtins.{name}"

    def _reference(self, definition: Definition) -> str:
        if self.flavour == "result" or (definition.names.param is None and is_same_for_both(definition)):
            return self.result_name(definition)
        names = [self.param_name(definition)]
        if isinstance(definition, Model) and definition.names.result is not None:
            names.append(self.result_name(definition))
        if definition.names.accepts is not None:
            names.append(self.result_name(self.definitions[definition.names.accepts]))
        return " | ".join(names)

    def _array(self, item: Type) -> str:
        text = self.text(item)
        if self.flavour == "result":
            return f"{self._builtin('list')}[{text}]"
        if not self._is_any_string(item):
            return f"{self.std.add_from('typing', 'Iterable')}[{text}]"
        # A single string is an Iterable[str] too, and never what is meant. (It is no iterable of listed strings.)
        return f"{self._builtin('list')}[{text}]"

    def _is_any_string(self, type_: Type) -> bool:
        match type_:
            case Ref(schema):
                definition = self.definitions[schema]
                return isinstance(definition, Alias) and self._is_any_string(definition.type)
            case Primitive(kind):
                return kind == "str"
            case SuggestedString():
                return True
            case _:
                return False

    def _name(self, definition: Definition, flavour: Flavour) -> str:
        name = definition.names.result if flavour == "result" else definition.names.param
        assert name is not None, f"parsing let {definition.schema} through without a {flavour} name"
        return self._from_topic(flavour, definition.names.topic, name)

    def _from_topic(self, flavour: Flavour, topic: str, name: str) -> str:
        module = self.topics[topic].module(flavour)
        if module != self.own.module:
            return self.own.add(module, name)
        if name in self.pending:
            self._names_pending = True
        return name


def quote(text: str) -> str:
    """A string as Python source, in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
