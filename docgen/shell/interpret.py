"""Running the parsed language: lists, pipelines, subshells, substitutions, as generators."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from docgen import limits
from docgen.daemon.waits import Steps, Until
from docgen.diagnostics import LimitExceeded
from docgen.shell import wording
from docgen.shell.builtins import BUILTINS
from docgen.shell.compound import run_compound
from docgen.shell.control import Exit, LeaveLoop, Return
from docgen.shell.flavour import Flavour
from docgen.shell.parse import Parser
from docgen.shell.process import Process
from docgen.shell.redirect import redirect
from docgen.shell.simple import replace, run_words, simple_command
from docgen.shell.state import ShellState
from docgen.shell.streams import Null, PipeReader, pipe
from docgen.shell.syntax import (
    AndOr,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Pipeline,
    Redirect,
    Script,
    ShellSyntaxError,
    Simple,
    Subshell,
    While,
)
from docgen.shell.wording import CommandFailed, ShellError

NESTING = 60
"""How deep commands, functions and eval may run inside each other."""


class Shell(ShellState):
    """A shell that runs."""

    # -- whole texts -------------------------------------------------------------------------

    def main(self, body: Steps[int]) -> Steps[int]:
        """A shell's life: run `body`, then the EXIT trap; the exit status."""
        try:
            self.status = yield from self._guarded(body)
        except Exit as leaving:
            self.status = leaving.status
            if leaving.replaced:
                return self.status
        action = self.traps.pop(0, "")
        if action:
            try:
                yield from self._guarded(self.run_text(action, keep_status=True))
            except Exit as leaving:
                self.status = leaving.status
        return self.status

    def _guarded(self, body: Steps[int]) -> Steps[int]:
        try:
            return (yield from body)
        except ShellError as error:
            if error.message:
                yield from self.complain(error.message)
            raise Exit(error.status) from None
        except ShellSyntaxError as error:
            self.line = error.line
            yield from self.complain(wording.syntax_error(self.flavour, error))
            raise Exit(2) from None
        except Return as leaving:
            return leaving.status
        except LeaveLoop:
            return self.status

    def run_text(
        self, text: str, *, first_line: int = 1, final: bool = False, keep_status: bool = False
    ) -> Steps[int]:
        """Parse and run command after command. `final`: the last may take the shell's place."""
        status = self.status
        parser = Parser(text, self.flavour, first_line=first_line)
        empty = True
        for script in parser.lines():
            empty = False
            yield from self.run(script, final=final and parser.exhausted)
        if keep_status:
            self.status = status
        elif empty:
            self.status = 0
        return self.status

    def run(self, script: Script, *, final: bool = False) -> Steps[int]:
        """A list of commands; the status of the last."""
        last = len(script.items) - 1
        for at, item in enumerate(script.items):
            if item.background:
                self._background(item)
                self.status = 0
            else:
                yield from self._and_or(item, final=final and at == last)
            if self.process.pending:
                yield from self.run_traps()
        return self.status

    # -- lists and pipelines -----------------------------------------------------------------

    def _and_or(self, item: AndOr, *, final: bool) -> Steps[None]:
        if not item.rest:
            yield from self._pipeline(item.first, final=final)
            return
        self.tested += 1
        try:
            yield from self._pipeline(item.first, final=False)
            for operator, pipeline in item.rest[:-1]:
                if (self.status == 0) == (operator == "&&"):
                    yield from self._pipeline(pipeline, final=False)
        finally:
            self.tested -= 1
        operator, pipeline = item.rest[-1]
        if (self.status == 0) == (operator == "&&"):
            yield from self._pipeline(pipeline, final=final)

    def _pipeline(self, pipeline: Pipeline, *, final: bool) -> Steps[None]:
        if pipeline.negated:
            self.tested += 1
            try:
                yield from self._commands(pipeline, final=False)
            finally:
                self.tested -= 1
            self.status = int(self.status == 0)
            return
        yield from self._commands(pipeline, final=final)

    def _commands(self, pipeline: Pipeline, *, final: bool) -> Steps[None]:
        if len(pipeline.commands) == 1:
            yield from self.command(pipeline.commands[0], final=final)
            return
        children = self._start_pipeline(pipeline)
        self.status = yield from self.wait_foreground(children)
        self.check_errexit()

    def check_errexit(self) -> None:
        """`set -e`."""
        if self.status and "e" in self.options and not self.tested:
            raise Exit(self.status)

    def _start_pipeline(self, pipeline: Pipeline) -> list[Process]:
        children: list[Process] = []
        process = self.process
        before = process.fds.empty()
        for at, command in enumerate(pipeline.commands):
            fds = process.fds.copy()
            if 0 in before:
                fds.put(0, before[0])
            before.close_all()
            if at < len(pipeline.commands) - 1:
                reading, writing = pipe()
                fds.put(1, writing)
                before.put(0, reading)
            shell = self.subshell()
            children.append(process.fork(shell.child(_command_of(shell, command)), fds))
        return children

    def child(self, body: Callable[[], Steps[int]]) -> Callable[[Process], Steps[int]]:
        """The program of a forked subshell."""

        def run(process: Process) -> Steps[int]:
            self.process = process
            for number in self.traps:
                process.ignored.add(number)
            return (yield from self.main(body()))

        return run

    def wait_foreground(self, children: list[Process]) -> Steps[int]:
        """Wait for a job; says `Killed` and the like as both shells do. Status of the last."""
        statuses: list[int] = []
        for child in children:
            statuses.append((yield from self.process.wait_for(child)))
            if child.death_words:
                yield from self.say(child.death_words + "\n")
        if "pipefail" in self.options:
            return next((status for status in reversed(statuses) if status), 0)
        return statuses[-1]

    def _background(self, item: AndOr) -> None:
        """`command &`: reads nothing, cannot be interrupted."""
        foreground = AndOr(item.first, item.rest, background=False)
        fds = self.process.fds.copy()
        fds.put(0, Null())
        shell = self.subshell()
        child = self.process.fork(
            shell.child(lambda: shell.run(Script((foreground,)), final=True)), fds
        )
        child.ignored |= {2, 3}
        self.last_background = child
        number = next(n for n in count(1) if n not in self.jobs or self.jobs[n].reaped)
        self.jobs[number] = child

    # -- commands ----------------------------------------------------------------------------

    def _enter(self) -> None:
        """One level deeper; `nesting` is counted down by who entered."""
        self.nesting += 1
        if self.nesting > NESTING:
            raise LimitExceeded(
                f"commands run more than {NESTING} deep inside each other", "use less recursion"
            )

    def command(self, command: Command, *, final: bool = False) -> Steps[int]:
        if "n" in self.options:
            return self.status
        self._enter()
        try:
            match command:
                case Simple():
                    yield from simple_command(self, command, final=final)
                case Function(name, body):
                    self.functions[name] = body
                    self.status = 0
                case Subshell(body, redirects, line):
                    yield from self._subshell(body, redirects, line)
                case Group(body, ()):
                    yield from self.run(body, final=final)
                case _:
                    yield from self._compound(command)
        finally:
            self.nesting -= 1
        return self.status

    def _subshell(self, body: Script, redirects: tuple[Redirect, ...], line: int) -> Steps[None]:
        self.line = line
        shell = self.subshell()

        def inside() -> Steps[int]:
            if redirects:
                try:
                    (yield from redirect(shell, redirects)).forget()
                except CommandFailed as failure:
                    yield from shell.report(failure)
                    return 2
            return (yield from shell.run(body, final=True))

        child = self.process.fork(shell.child(inside), self.process.fds.copy())
        self.status = yield from self.wait_foreground([child])
        self.check_errexit()

    def _compound(self, command: Group | If | For | While | Case) -> Steps[None]:
        if not command.redirects:
            yield from run_compound(self, command)
            return
        try:
            saved = yield from redirect(self, command.redirects)
        except CommandFailed as failure:
            self.status = yield from self.report(failure)
            self.check_errexit()
            return
        try:
            yield from run_compound(self, command)
        finally:
            saved.restore()

    def run_words(self, words: list[str]) -> Steps[None]:
        """A command whose words are expanded already; functions are passed over (`command`)."""
        yield from run_words(self, words, {}, functions=False)

    def replace(self, words: list[str]) -> Steps[None]:
        """`exec`: raises FsError, or Exit when the program has ended."""
        yield from replace(self, words, self.variables.environment())

    def is_builtin(self, name: str) -> bool:
        return name in BUILTINS

    # -- substitution and traps --------------------------------------------------------------

    def substitute(self, script: Script) -> Steps[str]:
        """`$(…)`: the output without its trailing newlines."""
        process = self.process
        reading, writing = pipe()
        ours = process.fds.empty()
        ours.put(0, reading)
        fds = process.fds.copy()
        fds.put(1, writing)
        shell = self.subshell()
        if self.flavour is Flavour.BUSYBOX:
            shell.options.discard("e")  # ash forgets `set -e` in there
        child = process.fork(shell.child(lambda: shell.run(script, final=True)), fds)
        try:
            output = yield from self._read(reading)
        finally:
            ours.close_all()
        self.substitution_status = yield from self.wait_foreground([child])
        self.status = self.substitution_status
        return output.replace(b"\0", b"").decode("utf-8", "surrogateescape").rstrip("\n")

    def _read(self, reading: PipeReader) -> Steps[bytes]:
        pieces: list[bytes] = []
        size = 0
        while True:
            if not reading.readable():
                yield Until(reading.readable)
            piece = reading.read(limits.PIPE_BYTES)
            if not piece.size:
                return b"".join(pieces)
            size += piece.size
            if size > limits.VARIABLE_BYTES:
                raise LimitExceeded(
                    f"$(…) gives more than {limits.VARIABLE_BYTES:,} bytes",
                    "write large output to a file",
                )
            pieces.append(piece.to_bytes())

    def run_traps(self) -> Steps[None]:
        """The actions of the signals that came meanwhile; an action may meet signals itself."""
        pending = self.process.pending
        self._enter()
        try:
            while pending:
                action = self.traps.get(pending.pop(0), "")
                if action:
                    yield from self.run_text(action, keep_status=True)
        finally:
            self.nesting -= 1


def _command_of(shell: Shell, command: Command) -> Callable[[], Steps[int]]:
    return lambda: shell.command(command, final=True)
