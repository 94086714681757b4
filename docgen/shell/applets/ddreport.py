"""What dd reports of its work."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.shell.applets.ddjob import Job
from docgen.shell.applets.support.tool import on_host
from docgen.shell.process import Process

_RATE = 1_000_000_000
"""Bytes a second in the line that real dd measures: here always the same."""


def report(p: Process, job: Job) -> Steps[None]:
    if job.status == "none":
        return
    text = f"{job.full_in}+{job.part_in} records in\n{job.full_out}+{job.part_out} records out\n"
    if on_host(p) and job.status != "noxfer":
        text += _rate_line(job.copied)
    yield from p.err(text)


def _rate_line(copied: int) -> str:
    elapsed = max(copied / _RATE, 0.0001)
    seconds = f"{elapsed:.6g}"
    rate = _rate(copied / elapsed)
    if copied == 0:
        return f"0 bytes copied, {seconds} s, 0.0 kB/s\n"
    if copied == 1:
        return f"1 byte copied, {seconds} s, {rate}\n"
    decimal = f"{_si(copied)}B" if copied >= 1000 else ""
    binary = f"{_spaced(gnu_nearest(copied))}iB" if copied >= 1024 else ""
    sizes = ", ".join(part for part in (decimal, binary) if part)
    middle = f" ({sizes})" if sizes else ""
    return f"{copied} bytes{middle} copied, {seconds} s, {rate}\n"


def _rate(speed: float) -> str:
    for unit in ("kB/s", "MB/s", "GB/s"):
        speed /= 1000
        if speed < 999.5 or unit == "GB/s":
            break
    return f"{speed:.1f} {unit}" if speed < 99.95 else f"{speed:.0f} {unit}"


def gnu_nearest(size: int, base: int = 1024) -> str:
    """human_readable with rounding to nearest."""
    power, limit = 0, base
    while size >= limit * base and power < 4:
        limit *= base
        power += 1
    tenths = (size * 20 // limit + 1) // 2
    letter = "KMGTP"[power]
    if tenths < 100:
        return f"{tenths // 10}.{tenths % 10}{letter}"
    return f"{(size * 2 // limit + 1) // 2}{letter}"


def _si(size: int) -> str:
    text = _spaced(gnu_nearest(size, 1000))
    return text.replace(" K", " k")


def _spaced(text: str) -> str:
    return f"{text[:-1]} {text[-1]}"
