"""What one shell process knows: variables, options, traps, jobs, where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

from docgen.daemon.waits import Steps
from docgen.shell import wording
from docgen.shell.flavour import Flavour
from docgen.shell.process import Process
from docgen.shell.signals import NAMES
from docgen.shell.syntax import Command
from docgen.shell.variables import ReadOnly, Variables
from docgen.shell.wording import BareFailure, CommandFailed, ShellError


class ShellState:
    """One per shell process; a subshell gets a copy."""

    def __init__(self, process: Process, flavour: Flavour, name: str) -> None:
        self.process = process
        self.flavour = flavour
        self.name = name
        """$0, and what its messages begin with."""
        self.positional: tuple[str, ...] = ()
        self.variables = Variables(process.env)
        self.functions: dict[str, Command] = {}
        self.options: set[str] = set()
        """Letters of `set` that are on."""
        self.status = 0
        self.substitution_status: int | None = None
        """Of the last command substitution of the present command."""
        self.root_pid = process.local_pid
        """$$: stays in subshells."""
        self.last_background: Process | None = None
        self.jobs: dict[int, Process] = {}
        """Background jobs by number."""
        self.traps: dict[int, str] = {}
        """Signal (0: EXIT) → action; '' ignores."""
        self.line = 1
        self.command_name = ""
        """The builtin, `.` file or script that messages name."""
        self.tested = 0
        """Inside of conditions, where `set -e` does not bite."""
        self.loops = 0
        self.functions_deep = 0
        self.files_deep = 0
        self.nesting = 0
        self.option_position = 0
        """Where getopts stands within a cluster."""
        self.directory = ""
        """The logical working directory; $PWD is only its copy."""

    def subshell(self) -> Self:
        """The state of a forked copy; its process is set when that exists."""
        other = type(self).__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.variables = self.variables.copy()
        other.functions = dict(self.functions)
        other.options = set(self.options)
        other.traps = {number: action for number, action in self.traps.items() if not action}
        other.jobs = {}
        return other

    @property
    def redirection_status(self) -> int:
        """The status of a command whose redirection failed."""
        return 2 if self.flavour is Flavour.HOST else 1

    @property
    def caret_negates(self) -> bool:
        """Is `[^a]` the same as `[!a]`?"""
        return self.flavour is Flavour.BUSYBOX

    # -- parameters --------------------------------------------------------------------------

    def parameter(self, name: str) -> str | None:
        """The value of `$name`; None where it is not set."""
        if name.isdigit():
            number = int(name) if len(name) < 8 else len(self.positional) + 1
            if number == 0:
                return self.name
            return self.positional[number - 1] if number <= len(self.positional) else None
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self)
        return str(self.line) if name == "LINENO" else self.variables.get(name)

    def arithmetic_value(self, name: str) -> str:
        return self.variables.get(name) or "0"

    def assign(self, name: str, value: str) -> None:
        """Raises ShellError for a readonly variable."""
        try:
            self.variables.set(name, value)
        except ReadOnly:
            raise ShellError(f"{name}: is read only") from None
        if "a" in self.options:
            self.variables.export(name)
        if name == "OPTIND":
            self.option_position = 0

    def spend(self, count: int) -> None:
        """Pay for work inside of one command."""
        self.process.kernel.tick(1 + count // 64)

    @property
    def applet_name(self) -> str:
        """How busybox code that is shared with applets calls itself inside ash."""
        return self.process.argv[0].rpartition("/")[2] if self.process.argv else "sh"

    # -- messages ----------------------------------------------------------------------------

    def complain(self, message: str) -> Steps[None]:
        """With the shell's name and line before it, to standard error."""
        before = wording.prefix(self.flavour, self.name, self.line, self.command_name)
        yield from self.say(f"{before}{message}\n")

    def say(self, text: str) -> Steps[None]:
        """To standard error as it stands; lost where that is closed."""
        if 2 in self.process.fds:
            yield from self.process.err(text)

    def report(self, failure: CommandFailed) -> Steps[int]:
        """Say why a command failed; its status."""
        if isinstance(failure, BareFailure):
            yield from self.say(failure.message)
        elif failure.message:
            yield from self.complain(failure.message)
        return failure.status

    # -- traps -------------------------------------------------------------------------------

    def set_trap(self, number: int, action: str | None) -> None:
        """None: the default action again; '': ignore."""
        process = self.process
        process.ignored.discard(number)
        process.handlers.pop(number, None)
        if action is None:
            self.traps.pop(number, None)
            return
        self.traps[number] = action
        if number and action:
            process.handlers[number] = process.pending.append
        elif number:
            process.ignored.add(number)


def _options_text(shell: ShellState) -> str:
    return "".join(letter for letter in "ubaCEVvxcsnmiIfe" if letter in shell.options)


_SPECIAL: Mapping[str, Callable[[ShellState], str | None]] = {
    "?": lambda shell: str(shell.status),
    "#": lambda shell: str(len(shell.positional)),
    "$": lambda shell: str(shell.root_pid),
    "-": _options_text,
    "!": lambda shell: str(shell.last_background.local_pid) if shell.last_background else None,
}


def trap_name(number: int) -> str:
    """As `trap` lists it."""
    return NAMES[number] if number < len(NAMES) else str(number)
