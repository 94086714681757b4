"""What a template's tokens are (text/template/parse/lex.go)."""

from __future__ import annotations

from enum import Enum, auto

from docgen.frozen import frozen
from docgen.shell.docker.quoting import quote


class Kind(Enum):
    ERROR = auto()
    EOF = auto()
    TEXT = auto()
    LEFT = auto()
    RIGHT = auto()
    SPACE = auto()
    PIPE = auto()
    LEFT_PAREN = auto()
    RIGHT_PAREN = auto()
    DECLARE = auto()
    ASSIGN = auto()
    CHAR = auto()
    FIELD = auto()
    VARIABLE = auto()
    IDENTIFIER = auto()
    BOOL = auto()
    NUMBER = auto()
    STRING = auto()
    RAW_STRING = auto()
    CHARACTER = auto()
    KEYWORD = auto()
    DOT = auto()
    NIL = auto()


@frozen
class Token:
    kind: Kind
    at: int
    """Offset in the template."""
    text: str
    line: int
    """From 1."""

    def __str__(self) -> str:
        match self.kind:
            case Kind.EOF:
                return "EOF"
            case Kind.ERROR:
                return self.text
            case Kind.KEYWORD | Kind.DOT | Kind.NIL:
                return f"<{self.text}>"
            case _:
                return f"{quote(self.text[:10])}..." if len(self.text) > 10 else quote(self.text)
