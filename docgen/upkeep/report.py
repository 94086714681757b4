"""What `docgen check` prints: one function per format, in one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from docgen.diagnostics import Diagnostic
from docgen.page.safety import is_unsafe_character
from docgen.upkeep.check import Checked

Report = Callable[[Sequence[Checked]], str]


def text(pages: Sequence[Checked]) -> str:
    return "".join(f"{one}\n" for page in pages for one in page.diagnostics)


def github(pages: Sequence[Checked]) -> str:
    """Workflow commands: GitHub shows them at their lines in a pull request."""
    return "".join(f"{_github_line(one)}\n" for page in pages for one in page.diagnostics)


def _github_line(one: Diagnostic) -> str:
    place = f"file={_github(one.path, ',:')}"
    if one.line:
        place += f",line={one.line}"
    if one.column:
        place += f",col={one.column}"
    return f"::error {place}::{_github(message(one))}"


def _github(value: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        value = value.replace(character, f"%{ord(character):02X}")
    return value


def message(one: Diagnostic) -> str:
    """Without the place."""
    return "; ".join(part for part in (one.found, one.expected, one.remedy) if part)


def junit(pages: Sequence[Checked]) -> str:
    failed = sum(bool(page.diagnostics) for page in pages)
    head = f'<testsuite name="docgen check" tests="{len(pages)}" failures="{failed}">'
    cases = "".join(_case(page) for page in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{cases}</testsuite>\n'


def _case(page: Checked) -> str:
    head = f"<testcase name={_attribute(page.path)} classname={_attribute('docgen')}"
    if not page.diagnostics:
        return f"  {head}/>\n"
    first = page.diagnostics[0]
    body = "\n".join(_xml(str(one)) for one in page.diagnostics)
    failure = f"<failure message={_attribute(message(first))}>{body}</failure>"
    return f"  {head}>\n    {failure}\n  </testcase>\n"


def _attribute(value: str) -> str:
    return quoteattr(_legal(value), {"\n": "&#10;"})


def _xml(value: str) -> str:
    return escape(_legal(value))


def _legal(value: str) -> str:
    """XML has no way to hold most control characters."""
    return "".join(f"\\x{ord(c):02x}" if is_unsafe_character(c) else c for c in value)


def as_json(pages: Sequence[Checked]) -> str:
    plain = [
        {
            "path": page.path,
            "steps": page.steps,
            "errors": [
                {
                    "line": one.line,
                    "column": one.column,
                    "found": one.found,
                    "expected": one.expected,
                    "remedy": one.remedy,
                }
                for one in page.diagnostics
            ],
        }
        for page in pages
    ]
    return json.dumps({"version": 1, "pages": plain}, indent=1, ensure_ascii=False) + "\n"


FORMATS: Final[Mapping[str, Report]] = {
    "text": text,
    "github": github,
    "junit": junit,
    "json": as_json,
}


def summary(pages: Sequence[Checked]) -> str:
    """One line for a person: what was looked at, and how much is wrong."""
    wrong = sum(len(page.diagnostics) for page in pages)
    steps = sum(page.steps for page in pages)
    seen = f"{_count(len(pages), 'page')}, {_count(steps, 'step')}"
    return f"{seen}: {_count(wrong, 'error') if wrong else 'all true'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
