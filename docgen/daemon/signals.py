"""Signals by name and number, as moby reads them (moby/sys/signal)."""

from __future__ import annotations

from typing import Final

from docgen.daemon.errors import invalid

KILL: Final = 9
TERM: Final = 15
NUMBERS: Final = {
    "HUP": 1,
    "INT": 2,
    "QUIT": 3,
    "ILL": 4,
    "TRAP": 5,
    "ABRT": 6,
    "IOT": 6,
    "BUS": 7,
    "FPE": 8,
    "KILL": 9,
    "USR1": 10,
    "SEGV": 11,
    "USR2": 12,
    "PIPE": 13,
    "ALRM": 14,
    "TERM": 15,
    "STKFLT": 16,
    "CHLD": 17,
    "CONT": 18,
    "STOP": 19,
    "TSTP": 20,
    "TTIN": 21,
    "TTOU": 22,
    "URG": 23,
    "XCPU": 24,
    "XFSZ": 25,
    "VTALRM": 26,
    "PROF": 27,
    "WINCH": 28,
    "IO": 29,
    "POLL": 29,
    "PWR": 30,
    "SYS": 31,
}
HIGHEST: Final = 64
_REAL_TIME: Final = frozenset(range(34, HIGHEST + 1))


def parse_signal(text: str) -> int:
    """Number of `TERM`, `SIGTERM`, `term` or `15`. Raises INVALID `invalid signal: …`."""
    if text.isascii() and text.isdecimal():
        number = int(text[:6])
        if number == 0:
            raise invalid(f"invalid signal: {text}")
        return number
    name = text.upper().removeprefix("SIG")
    if name not in NUMBERS:
        raise invalid(f"invalid signal: {text}")
    return NUMBERS[name]


def check_platform(number: int) -> None:
    """Raises INVALID for a number that Linux has no signal for."""
    if number not in NUMBERS.values() and number not in _REAL_TIME:
        raise invalid(f"the linux daemon does not support signal {number}")
