"""The commands that a shell runs in itself, one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from docgen.daemon.waits import Steps
from docgen.shell import (
    builtins_control as control,
)
from docgen.shell import (
    builtins_files as files,
)
from docgen.shell import (
    builtins_input as reading,
)
from docgen.shell import (
    builtins_jobs as jobs,
)
from docgen.shell import (
    builtins_lookup as lookup,
)
from docgen.shell import (
    builtins_output as output,
)
from docgen.shell import (
    builtins_variables as variables,
)

if TYPE_CHECKING:
    from docgen.shell.interpret import Shell

Builtin = Callable[["Shell", list[str]], Steps[int]]
"""Gets the shell and its argv; returns the status. Raises CommandFailed, ShellError, FsError."""

BUILTINS: Mapping[str, Builtin] = MappingProxyType(
    {
        ":": control.true,
        "true": control.true,
        "false": control.false,
        "break": control.leave_loop,
        "continue": control.leave_loop,
        "return": control.return_,
        "exit": control.exit_,
        "eval": control.eval_,
        ".": control.dot,
        "exec": control.exec_,
        "command": control.command,
        "trap": jobs.trap,
        "kill": jobs.kill,
        "wait": jobs.wait,
        "jobs": jobs.jobs,
        "fg": jobs.no_job_control,
        "bg": jobs.no_job_control,
        "times": jobs.times,
        "set": variables.set_,
        "shift": variables.shift,
        "export": variables.export,
        "readonly": variables.readonly,
        "unset": variables.unset,
        "local": variables.local,
        "getopts": reading.getopts,
        "read": reading.read,
        "echo": output.echo,
        "printf": output.printf,
        "test": output.test,
        "[": output.test,
        "cd": files.cd,
        "chdir": files.cd,
        "pwd": files.pwd,
        "umask": files.umask,
        "ulimit": files.ulimit,
        "type": lookup.type_,
        "hash": lookup.hash_,
        "alias": lookup.alias,
        "unalias": lookup.unalias,
    }
)
