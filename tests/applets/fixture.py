"""The little tree in which every case of `cases/` runs, and what a tool did there, as text."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import Machine, Oracle, Result, machine_tree, simulated_tree, tree_of

from docgen.fs.content import Content
from docgen.fs.nodes import Dir, File, Meta, Node, Symlink
from docgen.fs.tree import Tree
from docgen.shell.flavour import Flavour

HERE = Path(__file__).parent
MTIME = 1_577_836_800
"""2020-01-01: so long ago that ls shows the year, whenever the real tools are asked."""
TREE: dict[str, str | bytes | None] = {
    "f": "a b\nc\n",
    "g": "one two\nthree\n\n\nfour",
    "d/x": "xx\n",
    "d/e/y": "yy\n",
    "empty": "",
    "l": "->f",
    "dl": "->d",
    "num": "".join(f"{number}\n" for number in range(1, 31)),
    "sp ace": "s\n",
    "ed": None,
    "bin": b"\x00\x01\xff\tab\x7f\r\n",
    "u": "héllo wörld\n",
}
"""Path → content; `->` makes a symlink, None a directory."""


@dataclass(frozen=True)
class Case:
    line: str
    """As it stands in the file, without the flavour."""
    argv: tuple[str, ...]
    stdin: str
    flavours: frozenset[Flavour]


def cases(name: str) -> Iterator[Case]:
    """`< text` is standard input from there on; `H:` and `B:` are for one flavour only."""
    stdin = ""
    for line in (HERE / "cases" / f"{name}.txt").read_text().splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        if line.startswith("<"):
            stdin = json.loads(f'"{line[2:]}"')
            continue
        flavours = {"H:": {Flavour.HOST}, "B:": {Flavour.BUSYBOX}}.get(line[:2], set(Flavour))
        text = line[2:] if line[:2] in ("H:", "B:") else line
        argv = json.loads(text) if text.startswith('["') else shlex.split(text)
        yield Case(text, tuple(argv), stdin, frozenset(flavours))


@cache
def _tree(flavour: Flavour) -> Tree:
    meta = Meta(mtime_ns=MTIME * 10**9)
    old = replace_mode(meta, 0o755)
    nodes: dict[str, Node | str] = {"/w": Dir(old), "d": Dir(old), "d/e": Dir(old)}
    for path, what in TREE.items():
        if what is None:
            nodes[path] = Dir(old)
        elif isinstance(what, str) and what.startswith("->"):
            nodes[path] = Symlink(replace_mode(meta, 0o777), what[2:])
        else:
            nodes[path] = File(meta, Content.of(what))
    return machine_tree(nodes, flavour)


def replace_mode(meta: Meta, mode: int) -> Meta:
    return Meta(mode, mtime_ns=meta.mtime_ns)


@cache
def _before(flavour: Flavour) -> dict[str, str]:
    return simulated_tree(Machine(_tree(flavour), flavour), "/w")


def simulated(case: Case, flavour: Flavour) -> str:
    """What our tool does, as a transcript."""
    machine = Machine(_tree(flavour), flavour)
    result = machine.run(case.argv, case.stdin)
    return transcript(case, result, _before(flavour), simulated_tree(machine, "/w"))


def real(case: Case, flavour: Flavour, directory: Path) -> str:
    """What the real tool does, contained in `directory`, as a transcript."""
    os.umask(0o022)
    for path, what in TREE.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if what is None:
            place.mkdir()
        elif isinstance(what, str) and what.startswith("->"):
            place.symlink_to(what[2:])
        else:
            place.write_bytes(what.encode() if isinstance(what, str) else what)
    for place in (*directory.rglob("*"), directory):
        os.utime(place, (MTIME, MTIME), follow_symlinks=False)
    before = tree_of(directory)
    result = Oracle(flavour, directory).run(case.argv, case.stdin)
    return transcript(case, result, before, tree_of(directory))


def transcript(case: Case, result: Result, before: dict[str, str], after: dict[str, str]) -> str:
    """Readable, and exact: output indented, errors behind `!`, changes of the tree behind `~`."""
    lines = [f"$ {case.line}"]
    if case.stdin:
        lines.append(f"< {json.dumps(case.stdin)[1:-1]}")
    lines += [f"  {line}" for line in _lines(result.out)]
    lines += [f"! {line}" for line in _lines(result.err.encode("utf-8", "surrogateescape"))]
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            lines.append(f"~ {path}: {after.get(path, 'gone')}")
    if result.exit:
        lines.append(f"[{result.exit}]")
    return "\n".join(lines) + "\n"


def _lines(data: bytes) -> list[str]:
    if not data:
        return []
    text = data.decode("utf-8", "backslashreplace")
    shown = [_visible(line) for line in text.split("\n")]
    return shown[:-1] if text.endswith("\n") else [*shown[:-1], shown[-1] + "␄"]


def _visible(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else f"\\x{ord(c):02x}" for c in line)


def golden(name: str, flavour: Flavour) -> list[str]:
    """The recorded transcripts, one for each case of the flavour, in order."""
    text = (HERE / "golden" / flavour.value / f"{name}.txt").read_text()
    return [f"$ {one}" for one in ("\n" + text).split("\n$ ")[1:]]


def names() -> list[str]:
    return sorted(path.stem for path in (HERE / "cases").glob("*.txt"))
