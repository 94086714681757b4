"""Run a template on a value (text/template/exec.go), in bounded steps, with Go's error texts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from docgen import limits
from docgen.diagnostics import LimitExceeded
from docgen.frozen import frozen
from docgen.shell.docker.template.failure import TemplateError
from docgen.shell.docker.template.functions import FUNCTIONS, REFUSED, Function
from docgen.shell.docker.template.nodes import Action, Break, Continue, If, Node, Range, Text, With
from docgen.shell.docker.template.operands import STEPS, Evaluator
from docgen.shell.docker.template.parser import parse_nodes
from docgen.shell.docker.template.printing import show
from docgen.shell.docker.template.values import (
    NOTHING,
    Map,
    NilPointer,
    Record,
    Slice,
    Stringer,
    Struct,
    Value,
    truth,
)


class _BreakLoop(Exception):  # noqa: N818 - control flow of {{break}}
    pass


class _ContinueLoop(Exception):  # noqa: N818 - control flow of {{continue}}
    pass


@frozen
class Template:
    """A parsed template; may be executed on many values."""

    text: str
    nodes: tuple[Node, ...]
    name: str = ""
    """Shown in errors; `docker version` names its template."""

    def execute(
        self,
        value: Value,
        *,
        missing_key_is_error: bool = False,
        functions: Mapping[str, Function] = FUNCTIONS,
    ) -> str:
        """Raises TemplateError."""
        run = _Run(self.text, self.name, value, missing_key_is_error, functions)
        try:
            run.walk_all(value, self.nodes)
        except TemplateError as error:
            error.printed = "".join(run.output)
            raise
        return "".join(run.output)


def parse(text: str, name: str = "") -> Template:
    """Raises TemplateError (`template: :1: unclosed action`)."""
    return Template(text, parse_nodes(text, FUNCTIONS.keys() | REFUSED, name), name)


class _Run(Evaluator):
    """Walks the nodes and prints."""

    def __init__(
        self,
        text: str,
        name: str,
        value: Value,
        missing_is_error: bool,
        functions: Mapping[str, Function],
    ) -> None:
        super().__init__(text, name, value, missing_is_error, functions)
        self.output: list[str] = []
        self._size = 0

    def _print(self, text: str) -> None:
        self._size += len(text)
        if self._size > limits.OUTPUT_BYTES:
            raise LimitExceeded(
                f"a template prints more than {limits.OUTPUT_BYTES:,} bytes", "print less"
            )
        self.output.append(text)

    def walk_all(self, dot: Value, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            self._walk(dot, node)

    def _walk(self, dot: Value, node: Node) -> None:
        self.step()
        self.node = node
        match node:
            case Text():
                self._print(node.text)
            case Action():
                value = self.pipeline(dot, node.pipeline)
                if not node.pipeline.declared:
                    self._print(_printable(value))
            case If() | With():
                self._if_or_with(dot, node)
            case Range():
                self._range(dot, node)
            case Break():
                raise _BreakLoop
            case Continue():
                raise _ContinueLoop

    def _if_or_with(self, dot: Value, node: If | With) -> None:
        known = len(self.variables)
        value = self.pipeline(dot, node.pipeline)
        if truth(value):
            self.walk_all(value if isinstance(node, With) else dot, node.body)
        elif node.otherwise is not None:
            self.walk_all(dot, node.otherwise)
        del self.variables[known:]

    def _range(self, dot: Value, node: Range) -> None:
        known = len(self.variables)
        value = self.pipeline(dot, node.pipeline)
        pairs = self._pairs(value)
        mark = len(self.variables)
        try:
            for key, one in pairs:
                self.step()
                self._set_loop_variables(node, key, one)
                with suppress(_ContinueLoop):
                    self.walk_all(one, node.body)
                del self.variables[mark:]
        except _BreakLoop:
            pass
        if not pairs and node.otherwise is not None:
            self.walk_all(dot, node.otherwise)
        del self.variables[known:]

    def _pairs(self, value: Value) -> list[tuple[Value, Value]]:
        match value:
            case Slice():
                return list(enumerate(value.items))
            case Map():
                return [(key, value.items[key]) for key in sorted(value.items)]
            case None:
                return []
            case bool() | str() | float() | Struct() | Record() | Stringer() | NilPointer():
                raise self.fail(f"range can't iterate over {show(value)}")
            case int():
                if value > STEPS:
                    raise LimitExceeded("a template's loop is too long", "use a smaller number")
                return [(number, number) for number in range(value)]

    def _set_loop_variables(self, node: Range, key: Value, one: Value) -> None:
        names = node.pipeline.declared
        for back, value in enumerate((one, key) if len(names) > 1 else (one,), 1):
            if not names:
                return
            if node.pipeline.assigns:
                self.assign(names[-back].name, value)
            else:
                name, _ = self.variables[-back]
                self.variables[-back] = (name, value)


def _printable(value: Value) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, Struct) and value.pointer:
        value = Struct(value.go_type, value.members)
    return show(value)
