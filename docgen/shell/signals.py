"""Signal numbers, names, default actions (signal(7), Linux x86-64), and the words of shells."""

from __future__ import annotations

from types import MappingProxyType

NAMES = (
    *("EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV"),
    *("USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU"),
    *("URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"),
)
"""By number; 0 is the shell's own EXIT."""

NUMBERS = MappingProxyType(
    {name: number for number, name in enumerate(NAMES)} | {"IOT": 6, "POLL": 29}
)

HUP, INT, QUIT, KILL, PIPE, TERM, CHLD, CONT, STOP = 1, 2, 3, 9, 13, 15, 17, 18, 19

ASH_LIST = tuple({"IO": "POLL"}.get(name, name) for name in NAMES[1:])
"""What `kill -l` prints in busybox."""
DASH_LIST = (
    *("0", *NAMES[1:16], "16", *NAMES[17:], "32", "33", "RTMIN"),
    *(f"RTMIN+{number}" for number in range(1, 16)),
    *(f"RTMAX-{number}" for number in range(14, 0, -1)),
    "RTMAX",
)
"""The same in dash."""

STOPPING = frozenset({19, 20, 21, 22})
IGNORED_BY_DEFAULT = frozenset({17, 18, 23, 28})

DEATHS = MappingProxyType(
    {
        HUP: "Hangup",
        QUIT: "Quit",
        4: "Illegal instruction",
        5: "Trace/breakpoint trap",
        6: "Aborted",
        7: "Bus error",
        8: "Floating point exception",
        KILL: "Killed",
        10: "User defined signal 1",
        11: "Segmentation fault",
        12: "User defined signal 2",
        14: "Alarm clock",
        TERM: "Terminated",
    }
)
"""What a shell prints when its foreground child dies of it; of INT and PIPE nothing."""


def number_of(name: str) -> int | None:
    """`TERM`, `SIGTERM`, `term`, `15` → 15; None for what is no signal."""
    if name.isascii() and name.isdigit():
        number = int(name) if len(name) < 4 else 99
        return number if number < 65 else None
    return NUMBERS.get(name.upper().removeprefix("SIG"))
