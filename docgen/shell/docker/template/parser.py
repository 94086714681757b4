"""Template text → nodes (text/template/parse/parse.go), with Go's own error texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from docgen import limits
from docgen.diagnostics import LimitExceeded, NotSimulated
from docgen.frozen import frozen
from docgen.shell.docker.quoting import quote
from docgen.shell.docker.template.failure import TemplateError
from docgen.shell.docker.template.lexer import Kind, Lexer, Token, unquote
from docgen.shell.docker.template.nodes import (
    Action,
    Break,
    Chain,
    Command,
    Continue,
    Dot,
    Field,
    Identifier,
    If,
    Literal,
    Nil,
    Node,
    Operand,
    Pipeline,
    Range,
    Text,
    Variable,
    With,
)

_STARTS_OPERAND = frozenset(
    {
        *(Kind.BOOL, Kind.CHARACTER, Kind.DOT, Kind.FIELD, Kind.IDENTIFIER, Kind.NUMBER),
        *(Kind.NIL, Kind.RAW_STRING, Kind.STRING, Kind.VARIABLE, Kind.LEFT_PAREN),
    }
)


_LONGEST_NUMBER = 40
_OCTAL = re.compile(r"[+-]?0[0-7_]+")
_INTEGER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0|[1-9][0-9_]*)")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


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


class _Parser:
    def __init__(self, text: str, functions: Collection[str], name: str) -> None:
        self._name = name
        self._tokens: Iterator[Token] = iter(Lexer(text))
        self._ahead: list[Token] = []
        self._last = Token(Kind.EOF, 0, "", 1)
        self._functions = functions
        self._variables = ["$"]
        self._action_line = 0
        self._ranges = 0
        self._depth = 0

    # -- tokens

    def _next(self) -> Token:
        if self._ahead:
            return self._ahead.pop()
        self._last = next(self._tokens, self._last)
        return self._last

    def _peek(self) -> Token:
        token = self._next()
        self._ahead.append(token)
        return token

    def _next_word(self) -> Token:
        token = self._next()
        return self._next() if token.kind is Kind.SPACE else token

    def _peek_word(self) -> Token:
        token = self._next_word()
        self._ahead.append(token)
        return token

    def _fail(self, message: str) -> TemplateError:
        return TemplateError(f"template: {self._name}:{self._last.line}: {message}")

    def _unexpected(self, token: Token, context: str) -> TemplateError:
        if token.kind is not Kind.ERROR:
            return self._fail(f"unexpected {token} in {context}")
        extra = ""
        if self._action_line not in (0, token.line):
            extra = f" in action started at {self._name}:{self._action_line}"
            if token.text.endswith(" action"):
                extra = extra.removeprefix(" in action")
        return self._fail(f"{token.text}{extra}")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > limits.SYNTAX_DEPTH:
            raise LimitExceeded(
                f"a template nests deeper than {limits.SYNTAX_DEPTH}", "use a flatter one"
            )

    # -- lists

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

    # -- pipelines

    def _pipeline(self, context: str, end: Kind) -> Pipeline:
        at = self._peek_word().at
        declared, assigns = self._declarations(context)
        commands: list[Command] = []
        while True:
            token = self._next_word()
            if token.kind is end:
                break
            if token.kind not in _STARTS_OPERAND:
                raise self._unexpected(token, context)
            self._ahead.append(token)
            commands.append(self._command())
        if not commands:
            raise self._fail(f"missing value for {context}")
        for stage, command in enumerate(islice(commands, 1, None), 2):
            if isinstance(command.words[0], Dot | Nil | Literal):
                raise self._fail(f"non executable command in pipeline stage {stage}")
        return Pipeline(at, tuple(commands), declared, assigns)

    def _declarations(self, context: str) -> tuple[tuple[Variable, ...], bool]:
        declared: list[Variable] = []
        while self._peek_word().kind is Kind.VARIABLE:
            name = self._next_word()
            after = self._next()
            following = self._next_word() if after.kind is Kind.SPACE else after
            if following.kind in (Kind.DECLARE, Kind.ASSIGN):
                declared.append(self._declare(name))
                return tuple(declared), following.kind is Kind.ASSIGN
            if following.kind is Kind.CHAR and following.text == ",":
                declared.append(self._declare(name))
                if context != "range" or len(declared) > 1:
                    raise self._fail(f"too many declarations in {context}")
                if self._peek_word().kind not in (Kind.VARIABLE, Kind.RIGHT, Kind.RIGHT_PAREN):
                    raise self._fail("range can only initialize variables")
                continue
            self._ahead.append(following)
            if after.kind is Kind.SPACE:
                self._ahead.append(after)
            self._ahead.append(name)
            break
        return tuple(declared), False

    def _declare(self, token: Token) -> Variable:
        self._variables.append(token.text)
        return Variable(token.at, token.text)

    def _command(self) -> Command:
        at = self._peek_word().at
        words: list[Operand] = []
        while True:
            self._peek_word()
            operand = self._operand()
            if operand is not None:
                words.append(operand)
            token = self._next()
            if token.kind is Kind.SPACE:
                continue
            if token.kind in (Kind.RIGHT, Kind.RIGHT_PAREN):
                self._ahead.append(token)
            elif token.kind is not Kind.PIPE:
                raise self._unexpected(token, "operand")
            break
        if not words:
            raise self._fail("empty command")
        return Command(at, tuple(words))

    def _operand(self) -> Operand | None:
        node = self._term()
        if node is None or self._peek().kind is not Kind.FIELD:
            return node
        at = self._peek().at
        names: list[str] = []
        while self._peek().kind is Kind.FIELD:
            names.append(self._next().text[1:])
        match node:
            case Field():
                return Field(at, (*node.names, *names))
            case Variable():
                return Variable(at, node.name, (*node.fields, *names))
            case Dot() | Nil() | Literal():
                raise self._fail(f"unexpected . after term {quote(str(node))}")
            case _:
                return Chain(at, node, tuple(names))

    def _term(self) -> Operand | None:
        token = self._next_word()
        match token.kind:
            case Kind.IDENTIFIER:
                if token.text not in self._functions:
                    raise self._fail(f"function {quote(token.text)} not defined")
                return Identifier(token.at, token.text)
            case Kind.DOT:
                return Dot(token.at)
            case Kind.NIL:
                return Nil(token.at)
            case Kind.VARIABLE:
                return self._variable(token)
            case Kind.FIELD:
                return Field(token.at, (token.text[1:],))
            case Kind.BOOL:
                return Literal(token.at, token.text == "true", token.text)
            case Kind.NUMBER | Kind.CHARACTER | Kind.STRING | Kind.RAW_STRING:
                return self._constant(token)
            case Kind.LEFT_PAREN:
                self._deeper()
                inner = self._pipeline("parenthesized pipeline", Kind.RIGHT_PAREN)
                self._depth -= 1
                return inner
            case _:
                self._ahead.append(token)
                return None

    def _variable(self, token: Token) -> Variable:
        if token.text not in self._variables:
            raise self._fail(f"undefined variable {quote(token.text)}")
        return Variable(token.at, token.text)

    def _constant(self, token: Token) -> Literal:
        if token.kind is Kind.RAW_STRING:
            return Literal(token.at, token.text[1:-1], token.text)
        if token.kind is Kind.NUMBER:
            return Literal(token.at, self._number(token), token.text)
        value = unquote(token.text)
        if value is None:
            raise self._fail("invalid syntax")
        if token.kind is Kind.STRING:
            return Literal(token.at, value, token.text)
        if len(value) != 1:
            raise self._fail(f"malformed character constant: {token.text}")
        return Literal(token.at, ord(value), token.text)

    def _number(self, token: Token) -> int | float:
        text = token.text
        if len(text) <= _LONGEST_NUMBER:
            if _OCTAL.fullmatch(text):
                return int(text.replace("_", ""), 8)
            if _INTEGER.fullmatch(text):
                return int(text.replace("_", ""), 0)
            if _FLOAT.fullmatch(text):
                return float(text)
        raise self._fail(f"illegal number syntax: {quote(text)}")
