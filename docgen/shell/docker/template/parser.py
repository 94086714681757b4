"""Template text → nodes (text/template/parse/parse.go), with Go's own error texts."""

from __future__ import annotations

from collections.abc import Collection

from docgen.diagnostics import NotSimulated
from docgen.frozen import frozen
from docgen.shell.docker.template.nodes import (
    Action,
    Break,
    Continue,
    If,
    Node,
    Range,
    Text,
    With,
)
from docgen.shell.docker.template.pipelines import Pipelines
from docgen.shell.docker.template.tokens import Kind, Token


@frozen
class _End:
    """`{{end}}` or `{{else …}}`, which closes a list."""

    word: str
    chained: str = ""
    """`if` or `with` right behind `else`."""

    def __str__(self) -> str:
        return f"{{{{{self.word}}}}}"


def parse_nodes(text: str, functions: Collection[str], name: str = "") -> tuple[Node, ...]:
    """Raises TemplateError with Go's text."""
    return _Parser(text, functions, name).whole()


class _Parser(Pipelines):
    """Texts, actions, conditions and loops."""

    def __init__(self, text: str, functions: Collection[str], name: str) -> None:
        super().__init__(text, functions, name)
        self._ranges = 0

    def whole(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self._peek().kind is not Kind.EOF:
            node = self._text_or_action()
            if isinstance(node, _End):
                raise self._fail(f"unexpected {node}")
            nodes.append(node)
        return tuple(nodes)

    def _list(self) -> tuple[tuple[Node, ...], _End]:
        nodes: list[Node] = []
        while self._peek_word().kind is not Kind.EOF:
            node = self._text_or_action()
            if isinstance(node, _End):
                return tuple(nodes), node
            nodes.append(node)
        raise self._fail("unexpected EOF")

    def _text_or_action(self) -> Node | _End:
        token = self._next_word()
        if token.kind is Kind.TEXT:
            return Text(token.at, token.text)
        if token.kind is not Kind.LEFT:
            raise self._unexpected(token, "input")
        self._action_line = token.line
        node = self._action()
        self._action_line = 0
        return node

    def _action(self) -> Node | _End:
        token = self._next_word()
        if token.kind is not Kind.KEYWORD:
            self._ahead.append(token)
            return Action(token.at, self._pipeline("command", Kind.RIGHT))
        match token.text:
            case "if" | "with" | "range" as word:
                return self._control(word)
            case "end":
                self._expect_right("end")
                return _End("end")
            case "else":
                return self._else()
            case "break" | "continue" as word:
                return self._loop_word(token, word)
            case word:
                raise NotSimulated(
                    f"{{{{{word}}}}} in a template is not simulated",
                    "write its body where it is needed",
                )

    def _loop_word(self, token: Token, word: str) -> Node:
        if self._peek_word().kind is not Kind.RIGHT:
            raise self._unexpected(self._next_word(), f"{{{{{word}}}}}")
        self._next_word()
        if not self._ranges:
            raise self._fail(f"{{{{{word}}}}} outside {{{{range}}}}")
        return Break(token.at) if word == "break" else Continue(token.at)

    def _else(self) -> _End:
        token = self._peek_word()
        if token.kind is Kind.KEYWORD and token.text in ("if", "with"):
            return _End("else", token.text)
        self._expect_right("else")
        return _End("else")

    def _expect_right(self, context: str) -> None:
        token = self._next_word()
        if token.kind is not Kind.RIGHT:
            raise self._unexpected(token, context)

    def _control(self, word: str) -> Node:
        self._deeper()
        known = len(self._variables)
        pipeline = self._pipeline(word, Kind.RIGHT)
        self._ranges += word == "range"
        body, end = self._list()
        self._ranges -= word == "range"
        otherwise: tuple[Node, ...] | None = None
        if end.word == "else":
            otherwise = self._otherwise(word, end)
        del self._variables[known:]
        self._depth -= 1
        made = If if word == "if" else With if word == "with" else Range
        return made(pipeline.at, pipeline, body, otherwise)

    def _otherwise(self, word: str, end: _End) -> tuple[Node, ...]:
        if end.chained and end.chained == word:
            self._next_word()
            return (self._control(word),)
        nodes, closing = self._list()
        if closing.word != "end":
            raise self._fail(f"expected end; found {closing}")
        return nodes
