"""What dd is asked for: its operands."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.diagnostics import NotSimulated
from docgen.shell.applet import UsageError
from docgen.shell.applets.support.quoting import quoted
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process

_SUFFIXES = {"c": 1, "w": 2, "b": 512, "K": 1 << 10, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_DECIMAL = {"kB": 1000, "KB": 1000, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_NUMBERS = frozenset({"bs", "ibs", "obs", "count", "skip", "seek", "iseek", "oseek"})
_FLAGS = {
    "conv": frozenset({"notrunc", "noerror", "sync", "fsync", "fdatasync", "sparse", "excl"})
    | {"nocreat", "swab", "ucase", "lcase"},
    "iflag": frozenset({"fullblock", "skip_bytes", "count_bytes", "direct", "sync", "dsync"})
    | {"nonblock", "noatime", "nofollow", "nocache", "binary", "cio"},
    "oflag": frozenset({"append", "seek_bytes", "direct", "sync", "dsync", "nonblock"})
    | {"noatime", "nofollow", "nocache", "binary", "cio"},
}
_BUSYBOX = frozenset({"notrunc", "noerror", "sync", "fsync", "swab", "fullblock", "direct"}) | {
    "skip_bytes",
    "count_bytes",
    "seek_bytes",
    "append",
}


@dataclass(slots=True)
class Job:
    numbers: dict[str, int] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    source: str = ""
    target: str = ""
    status: str = ""
    full_in: int = 0
    part_in: int = 0
    full_out: int = 0
    part_out: int = 0
    copied: int = 0

    def has(self, kind: str, word: str) -> bool:
        return word in self.words.get(kind, frozenset())


def parse_job(p: Process) -> Job:
    job = Job()
    for word in p.argv[1:]:
        if word == "--":
            continue
        key, equals, text = word.partition("=")
        if not equals:
            raise UsageError(f"unrecognized operand {quoted(p, word)}")
        if key in _NUMBERS:
            key = {"iseek": "skip", "oseek": "seek"}.get(key, key)
            job.numbers[key] = _number(p, text)
            if key.endswith("bs") and not job.numbers[key]:
                raise Refusal(f"invalid number: {quoted(p, text)}")
        elif key in _FLAGS:
            job.words[key] = job.words.get(key, frozenset()) | _words(p, key, text)
        elif key == "if":
            job.source = text
        elif key == "of":
            job.target = text
        elif key == "status":
            if text not in ("none", "noxfer", "progress"):
                raise UsageError(f"invalid status level: {quoted(p, text)}")
            job.status = text
        elif key == "cbs":
            raise NotSimulated("dd cbs=", "leave it out")
        else:
            raise UsageError(f"unrecognized operand {quoted(p, word)}")
    return job


def _words(p: Process, key: str, text: str) -> frozenset[str]:
    words = frozenset(text.split(","))
    known = _FLAGS[key] if on_host(p) else _FLAGS[key] & _BUSYBOX
    for word in sorted(words - known):
        if not on_host(p):
            raise Refusal(f"invalid argument '{word}' to '{key}'")
        if word in ("ascii", "ebcdic", "ibm", "block", "unblock", "directory", "noctty"):
            raise NotSimulated(f"dd {key}={word}", "leave it out")
        what = {"conv": "conversion", "iflag": "input flag", "oflag": "output flag"}[key]
        raise UsageError(f"invalid {what}: {quoted(p, word)}")
    for word in words & {"cio", "nofollow", "excl", "nocreat"}:
        if word not in ("excl", "nocreat"):
            raise NotSimulated(f"dd {key}={word}", "leave it out")
    return words


def _number(p: Process, text: str) -> int:
    """`1M`, `4k`, `2x512`, `1MB`."""
    product = 1
    for factor in text.split("x"):
        digits = factor[: len(factor) - len(factor.lstrip("0123456789"))]
        suffix = factor[len(digits) :]
        scale = 1 if not suffix else _SUFFIXES.get(suffix) or _DECIMAL.get(suffix)
        if suffix.endswith("iB"):
            scale = _SUFFIXES.get(suffix[:-2])
        if suffix in ("T", "TiB"):
            scale = 1 << 40
        if not digits or len(digits) > 18 or scale is None:
            raise Refusal(
                f"invalid number: {quoted(p, text)}" if on_host(p) else f"invalid number '{text}'"
            )
        product *= int(digits) * scale
    return product


def seek_bytes(job: Job) -> int:
    unit = 1 if job.has("oflag", "seek_bytes") else block(job, "obs")
    return job.numbers.get("seek", 0) * unit


def block(job: Job, key: str) -> int:
    return job.numbers.get("bs") or job.numbers.get(key) or 512
