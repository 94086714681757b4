"""Variables: global ones, those of the function that runs, and which parameters are arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from docgen.shell.applets.awk.arrays import Array
from docgen.shell.applets.awk.nodes import (
    Block,
    Call,
    Delete,
    Element,
    Expression,
    ForIn,
    In,
    Name,
    Program,
    Statement,
    UserCall,
)
from docgen.shell.applets.awk.values import Value
from docgen.shell.applets.support.tool import Refusal

Node = Expression | Statement


class Scopes:
    def __init__(self, gnu: bool, program: Program) -> None:
        self.gnu = gnu
        self._values: dict[str, Value] = {
            "FS": b" ",
            "OFS": b" ",
            "ORS": b"\n",
            "RS": b"\n",
            "NR": 0.0,
            "FNR": 0.0,
            "SUBSEP": b"\x1c",
            "CONVFMT": b"%.6g",
            "OFMT": b"%.6g",
            "RSTART": 0.0,
            "RLENGTH": -1.0,
            "FILENAME": b"",
        }
        self._arrays: dict[str, Array] = {}
        self.local: dict[str, Value | Array] = {}
        self.array_parameters = _array_parameters(program)

    def get(self, name: str) -> Value:
        if name in self.local:
            value = self.local[name]
            return self._scalar(name, value)
        if name in self._arrays:
            return self._scalar(name, self._arrays[name])
        return self._values.get(name)

    def _scalar(self, name: str, value: Value | Array) -> Value:
        if isinstance(value, Array):
            if self.gnu:
                raise Refusal(f"type error in arg: {name} is an array", 2)
            raise Refusal("cmd. line:1: Not a scalar")
        return value

    def set(self, name: str, value: Value) -> None:
        if name in self.local:
            self.local[name] = value
        else:
            self._values[name] = value

    def get_global(self, name: str) -> Value:
        return self._values.get(name)

    def set_global(self, name: str, value: Value) -> None:
        self._values[name] = value

    def array(self, name: str) -> Array:
        """Made where it does not exist yet."""
        if name in self.local:
            found = self.local[name]
            if not isinstance(found, Array):
                found = self.local[name] = Array(self.gnu)
            return found
        if name not in self._arrays:
            self._arrays[name] = Array(self.gnu)
        return self._arrays[name]

    def is_array(self, name: str) -> bool:
        if name in self.local:
            return isinstance(self.local[name], Array)
        return name in self._arrays


def _array_parameters(program: Program) -> dict[str, frozenset[str]]:
    """Function → parameters that its body uses as arrays, also by passing them on."""
    found: dict[str, set[str]] = {name: set() for name in program.functions}
    changed = True
    while changed:
        changed = False
        for name, function in program.functions.items():
            used = set(_arrays_in(function.body, found, program)) & set(function.parameters)
            if not used <= found[name]:
                found[name] |= used
                changed = True
    return {name: frozenset(names) for name, names in found.items()}


def _arrays_in(body: Block, known: dict[str, set[str]], program: Program) -> Iterator[str]:
    for node in walk(body):
        match node:
            case Element(array=array) | In(array=array) | ForIn(array=array) | Delete(array=array):
                yield array
            case Call("split", arguments) if len(arguments) > 1:
                if isinstance(arguments[1], Name):
                    yield arguments[1].name
            case UserCall(name, arguments) if name in program.functions:
                parameters = program.functions[name].parameters
                for parameter, argument in zip(parameters, arguments, strict=False):
                    if parameter in known[name] and isinstance(argument, Name):
                        yield argument.name
            case _:
                continue


def walk(node: object) -> Iterator[object]:
    """Every node of a tree."""
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, tuple):
            pending += current
            continue
        if not is_dataclass(current):
            continue
        yield current
        pending += [getattr(current, field.name) for field in fields(current)]
