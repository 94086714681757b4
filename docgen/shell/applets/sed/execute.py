"""Running a sed script over lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.daemon.waits import Steps
from docgen.diagnostics import LimitExceeded
from docgen.limits import VARIABLE_BYTES
from docgen.shell.applets.regex import Regex
from docgen.shell.applets.sed.replacement import filled
from docgen.shell.applets.sed.script import (
    Address,
    Command,
    Count,
    Last,
    Line,
    Match,
    Multiple,
    Script,
    Step,
    Substitution,
)
from docgen.shell.applets.sed.world import World
from docgen.shell.applets.support.inputs import BYTES_A_TICK
from docgen.shell.applets.support.tool import Refusal


@dataclass(slots=True)
class _Range:
    """Where a two-address command stands."""

    active: bool = False
    until: int = 0
    """Line that ends it; 0: an expression ends it."""


@dataclass(slots=True)
class _Appended:
    """Output that waits for the end of the cycle: text, or the content of a file."""

    text: bytes = b""
    file: bytes = b""
    line: bool = False


class _Quit(Exception):  # noqa: N818 - control flow
    def __init__(self, status: int, silent: bool) -> None:
        super().__init__()
        self.status = status
        self.silent = silent


class _NextCycle(Exception):  # noqa: N818 - control flow
    """d and D."""

    def __init__(self, keep: bool) -> None:
        super().__init__()
        self.keep = keep


@dataclass(slots=True)
class Execution:
    world: World
    script: Script
    silent: bool
    space: bytes = b""
    hold: bytes = b""
    newline: bool = True
    """The line that was read last had its newline."""
    number: int = 0
    replaced: bool = False
    """For t: something was substituted since the last line was read."""
    last_regex: Regex | None = None
    ranges: dict[int, _Range] = field(default_factory=dict)
    appended: list[_Appended] = field(default_factory=list)

    def run(self) -> Steps[int]:
        """Until the input ends; the exit status."""
        restart = False
        while True:
            if not restart and not (yield from self._read()):
                return 0
            restart = False
            try:
                yield from self._cycle()
                yield from self._end_cycle(not self.silent)
            except _NextCycle as cycle:
                restart = cycle.keep
                yield from self._end_cycle(False)
            except _Quit as quitting:
                yield from self._end_cycle(not self.silent and not quitting.silent)
                return quitting.status

    def _read(self) -> Steps[bool]:
        found = yield from self.world.next_line()
        if found is None:
            return False
        self.space, self.newline = found
        self.number += 1
        self.replaced = False
        return True

    def _end_cycle(self, shows: bool) -> Steps[None]:
        if shows:
            yield from self.world.put(self.space, self.newline)
        yield from self._flush_appended()

    def _flush_appended(self) -> Steps[None]:
        for one in self.appended:
            if one.line:
                line = yield from self.world.read_line_of(one.file)
                if line is not None:
                    yield from self.world.put(line)
            elif one.file:
                data = yield from self.world.read_whole(one.file)
                yield from self.world.put_text(data)
            else:
                yield from self.world.put_text(one.text)
        self.appended.clear()

    def _cycle(self) -> Steps[None]:
        at = 0
        commands = self.script.commands
        while at < len(commands):
            self.world.tick(1 + len(self.space) // BYTES_A_TICK)
            command = commands[at]
            chosen = yield from self._selected(at, command)
            if command.name == "{":
                at = at + 1 if chosen else command.target
            elif not chosen:
                at += 1
            else:
                jump = yield from self._do(at, command)
                at = at + 1 if jump is None else jump
            if len(self.space) > VARIABLE_BYTES or len(self.hold) > VARIABLE_BYTES:
                raise LimitExceeded("sed holds more than 1 MiB in one space", "use a smaller text")

    # -- addresses ---------------------------------------------------------------------------

    def _selected(self, at: int, command: Command) -> Steps[bool]:
        if command.first is None:
            return True
        if command.second is None:
            matched = yield from self._matches(command.first)
        else:
            matched = yield from self._in_range(at, command.first, command.second)
        return matched is not command.negated

    def _matches(self, address: Address) -> Steps[bool]:
        match address:
            case Line(number):
                return self.number == number
            case Last():
                return (yield from self.world.is_last())
            case Match(regex):
                return self._regex(regex).test(self.space)
            case Step(first, step):
                if step <= 0:
                    return self.number == first
                return self.number >= first and (self.number - first) % step == 0
            case Count() | Multiple():
                return False

    def _in_range(self, at: int, first: Address, second: Address) -> Steps[bool]:
        state = self.ranges.setdefault(at, _Range(active=first == Line(0)))
        if not state.active:
            if not (yield from self._matches(first)):
                return False
            return self._begin(state, second)
        if state.until:
            if self.number >= state.until:
                state.active = False
            return self.number <= state.until
        if (yield from self._matches(second)):
            state.active = False
        return True

    def _begin(self, state: _Range, second: Address) -> bool:
        match second:
            case Line(number):
                state.until = number
            case Count(lines):
                state.until = self.number + lines
            case Multiple(of):
                state.until = -(-self.number // of) * of if of else self.number
            case _:
                state.until = 0
        state.active = state.until == 0 or state.until > self.number
        return True

    def _regex(self, regex: Regex | None) -> Regex:
        chosen = regex or self.last_regex
        if chosen is None:
            text = "no previous regular expression" if self.world.gnu else "no previous regexp"
            prefix = "-e expression #1, char 0: " if self.world.gnu else ""
            raise Refusal(prefix + text)
        self.last_regex = chosen
        return chosen

    # -- commands ----------------------------------------------------------------------------

    def _do(self, at: int, command: Command) -> Steps[int | None]:
        """Runs one command; the index to go on at, None for the next one."""
        name = command.name
        if name in "btT":
            return self._jump(command)
        if name in "=ilpPF" or name in "wW":
            yield from self._show(command)
        elif name in "nN":
            yield from self._more_input(name)
        elif name == "s":
            assert command.substitution is not None
            yield from self._substitute(command.substitution)
        elif name == "c":
            yield from self._change(at, command)
        else:
            self._simple(command)
        return None

    def _jump(self, command: Command) -> int | None:
        if command.name == "b":
            return command.target
        replaced, self.replaced = self.replaced, False
        return command.target if replaced is (command.name == "t") else None

    def _simple(self, command: Command) -> None:
        match command.name:
            case "a":
                self.appended.append(_Appended(text=command.text))
            case "r":
                self.appended.append(_Appended(file=command.text))
            case "R":
                self.appended.append(_Appended(file=command.text, line=True))
            case "d":
                raise _NextCycle(keep=False)
            case "D":
                _, newline, rest = self.space.partition(b"\n")
                if not newline:
                    raise _NextCycle(keep=False)
                self.space = rest
                raise _NextCycle(keep=True)
            case "q" | "Q":
                raise _Quit(command.number or 0, command.name == "Q")
            case _:
                self._move(command)

    def _move(self, command: Command) -> None:
        match command.name:
            case "g":
                self.space = self.hold
            case "G":
                self.space += b"\n" + self.hold
            case "h":
                self.hold = self.space
            case "H":
                self.hold += b"\n" + self.space
            case "x":
                self.space, self.hold = self.hold, self.space
            case "y":
                self.space = self.space.translate(command.table)
            case "z":
                self.space = b""
            case _:
                return

    def _show(self, command: Command) -> Steps[None]:
        world = self.world
        match command.name:
            case "=":
                yield from world.put(b"%d" % self.number)
            case "i":
                yield from world.put_text(command.text)
            case "l":
                if world.gnu:
                    width = 70 if command.number is None else command.number
                    yield from world.put(listed(self.space, width))
            case "p":
                yield from world.put(self.space, self.newline)
            case "P":
                yield from world.put(self.space.partition(b"\n")[0])
            case "F":
                yield from world.put(world.name)
            case "w":
                yield from world.write_to(_name(command.text), self.space, self.newline)
            case _:
                first = self.space.partition(b"\n")[0]
                yield from world.write_to(_name(command.text), first, True)

    def _more_input(self, name: str) -> Steps[None]:
        if (yield from self.world.is_last()):
            raise _Quit(0, silent=False)
        if name == "n":
            if not self.silent:
                yield from self.world.put(self.space, self.newline)
            yield from self._flush_appended()
            yield from self._read_keeping_flag()
            return
        yield from self._flush_appended()
        before = self.space
        yield from self._read_keeping_flag()
        self.space = before + b"\n" + self.space

    def _read_keeping_flag(self) -> Steps[None]:
        replaced = self.replaced
        yield from self._read()
        self.replaced = replaced

    def _change(self, at: int, command: Command) -> Steps[None]:
        state = self.ranges.get(at)
        inside = command.second is not None and not command.negated and state is not None
        if not inside or (state is not None and not state.active):
            yield from self.world.put_text(command.text)
        raise _NextCycle(keep=False)

    def _substitute(self, what: Substitution) -> Steps[None]:
        regex = self._regex(what.regex)
        subject = regex.on(self.space)
        text = self.space
        out = bytearray()
        copied = count = 0
        for span in subject.matches():
            count += 1
            if count < what.nth:
                continue
            out += text[copied : span[0]]
            groups = subject.groups(span) if regex.groups else [span]
            out += filled(what.pieces, text, groups)
            copied = span[1]
            self.replaced = True
            if not what.every:
                break
        if count < what.nth:
            return
        self.space = bytes(out) + text[copied:]
        if what.print:
            yield from self.world.put(self.space, self.newline)
        if what.file is not None:
            yield from self.world.write_to(what.file, self.space, self.newline)


def _name(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


_LISTED = {7: b"\\a", 8: b"\\b", 9: b"\\t", 10: b"\\n", 11: b"\\v", 12: b"\\f", 13: b"\\r"} | {
    92: b"\\\\"
}


def listed(text: bytes, width: int) -> bytes:
    """The l command: unambiguous, folded with a backslash before `width` columns."""
    lines: list[bytes] = []
    line = b""
    for byte in text:
        shown = _LISTED.get(byte) or (bytes((byte,)) if 32 <= byte < 127 else b"\\%03o" % byte)
        if width > 1 and len(line) + len(shown) > width - 1:
            lines.append(line + b"\\")
            line = b""
        line += shown
    lines.append(line + b"$")
    return b"\n".join(lines)
