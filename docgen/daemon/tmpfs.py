"""Options of a tmpfs, from both spellings: `--tmpfs /p:size=1m,mode=700` and `--mount
type=tmpfs,…`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from docgen import limits
from docgen.daemon.model import MountSpec
from docgen.frozen import frozen
from docgen.fs.clock import Clock
from docgen.fs.nodes import Dir, Meta
from docgen.fs.plain import PlainFs
from docgen.fs.tree import Tree

_DEFAULTS: Final = ("nosuid", "nodev", "noexec")
_OPPOSITE: Final = {"suid": "nosuid", "dev": "nodev", "exec": "noexec"}
_ROOT_MODE: Final = 0o1777
"""Of a tmpfs's root without `mode=`; like uid and gid 0 it is not shown (Linux mm/shmem.c)."""
_UNITS: Final = {"k": limits.KIB, "m": limits.MIB, "g": limits.GIB}
MEMORY_BYTES: Final = 16 * limits.GIB
"""Of the simulated host; a tmpfs without a size takes at most half of it (Linux tmpfs.rst)."""


@frozen
class TmpfsOptions:
    text: str
    """As /proc/mounts shows them after rw or ro."""
    read_only: bool
    capacity: int
    """Bytes."""
    mode: int | None
    uid: int
    gid: int


def tmpfs_options(spec: MountSpec) -> TmpfsOptions:
    """Docker's own first (nosuid, nodev, noexec), then the person's, which win."""
    words = [word for word in spec.tmpfs_options.split(",") if word]
    if spec.tmpfs_mode:
        words.append(f"mode={spec.tmpfs_mode:o}")
    if spec.tmpfs_size:
        words.append(f"size={spec.tmpfs_size}")
    if spec.read_only:
        words.append("ro")
    return from_words(words, _DEFAULTS)


def from_words(words: Sequence[str], defaults: Sequence[str] = ()) -> TmpfsOptions:
    """Mount options as mount(8) takes them; a volume of type tmpfs has no defaults."""
    lifted = {_OPPOSITE[word] for word in words if word in _OPPOSITE}
    shown = [flag for flag in defaults if flag not in lifted]
    values = dict(word.split("=", 1) for word in words if "=" in word)
    size = parse_size(values.get("size", ""))
    mode = int(values["mode"], 8) if "mode" in values else None
    shown.append("relatime")
    if size:
        shown.append(f"size={size // limits.KIB}k")
    if mode not in (None, _ROOT_MODE):
        shown.append(f"mode={mode:o}")
    shown += [f"{key}={values[key]}" for key in ("uid", "gid") if values.get(key, "0") != "0"]
    return TmpfsOptions(
        text=",".join(shown),
        read_only="ro" in words,
        capacity=size or MEMORY_BYTES // 2,
        mode=mode,
        uid=int(values.get("uid", "0")),
        gid=int(values.get("gid", "0")),
    )


def tmpfs(clock: Clock, options: TmpfsOptions, mode: int = 0o1777) -> PlainFs:
    """An empty one; `mode` counts where the options name none."""
    now = clock.now_ns
    meta = Meta(
        options.mode if options.mode is not None else mode, options.uid, options.gid, now, now, now
    )
    root = Tree.build({"/": Dir(meta)})
    return PlainFs(root, clock, fstype="tmpfs", capacity=options.capacity)


def parse_size(text: str) -> int:
    """Bytes of `64k`, `1m`, `50%`, rounded up to pages; 0 = no limit given. Raises ValueError."""
    text = text.strip().lower()
    if not text:
        return 0
    if text.endswith("%"):
        amount = MEMORY_BYTES * int(text[:-1]) // 100
    else:
        unit = _UNITS.get(text[-1], 1)
        amount = int(text[:-1] if text[-1] in _UNITS else text) * unit
    return -(-amount // 4096) * 4096
