"""How GNU tools put names into their messages (gnulib's quotearg)."""

from __future__ import annotations

from docgen.shell.process import Process

_NEEDS_QUOTES = frozenset(" !\"$&'()*;<=>[^`|\\?\t\n")
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    "\v": "\\v"
}
_NOT_IN_DOUBLE_QUOTES = frozenset('"$`\\!')


def is_utf8(p: Process) -> bool:
    """Whether the process's locale has UTF-8 (only then GNU tools use typographic quotes)."""
    name = next((p.env[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if p.env.get(key)), "C")
    return name.upper().replace("-", "").endswith("UTF8")


def quoted(p: Process, text: str) -> str:
    """quote(): ‘text’, or 'text' in the C locale."""
    if is_utf8(p):
        return f"‘{text}’"
    return f"'{text}'"


def always_shell_quoted(p: Process, text: str) -> str:
    """quoteaf(): 'text', ready for a shell."""
    return _shell(text, is_utf8(p), always=True)


def shell_quoted(p: Process, text: str) -> str:
    """quotef(): quoted for a shell only where it must be."""
    return _shell(text, is_utf8(p), always=False)


def _shell(text: str, utf8: bool, always: bool) -> str:
    odd = [char for char in text if not _printable(char, utf8)]
    if not odd:
        if not always and text and not _must_quote(text):
            return text
        if "'" not in text:
            return f"'{text}'"
        if not _NOT_IN_DOUBLE_QUOTES & set(text):
            return f'"{text}"'
        return "'" + text.replace("'", "'\\''") + "'"
    return _with_escapes(text, utf8)


def _must_quote(text: str) -> bool:
    return bool(_NEEDS_QUOTES & set(text)) or text[0] in "#~" or text in ("{", "}")


def _with_escapes(text: str, utf8: bool) -> str:
    """'a'$'\\n''b'"""
    pieces = ["'"]
    escaping = False
    for char in text:
        if _printable(char, utf8):
            pieces.append("''" if escaping else "")
            pieces.append("'\\''" if char == "'" else char)
            escaping = False
            continue
        if not escaping:
            pieces.append("'$'")
        escaping = True
        pieces.append(_ESCAPES.get(char) or _octal(char))
    pieces.append("'")
    return "".join(pieces)


def _octal(char: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))


def _printable(char: str, utf8: bool) -> bool:
    if char.isascii():
        return char.isprintable()
    return utf8 and char.isprintable()
