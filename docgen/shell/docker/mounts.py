"""`-v` and `--tmpfs`: text → MountSpec (docker/cli internal/volumespec).

The daemon says what is wrong with a well-formed one (missing sources, relative targets …).
"""

from __future__ import annotations

import posixpath

from docgen.daemon.errors import invalid
from docgen.daemon.model import MountSpec, MountType
from docgen.daemon.mountspec import valid_mode


def absolute(path: str, cwd: str) -> str:
    """filepath.Abs."""
    return posixpath.normpath(posixpath.join(cwd, path)).replace("//", "/", 1)


# -- `-v` -----------------------------------------------------------------------------------------


def parse_volume(text: str, cwd: str) -> MountSpec:
    """Raises ValueError with the text after `docker: `, DaemonError where only the daemon minds."""
    if not _has_source(text):
        # All of it is a destination, also `x:/d`, which looks like a drive of Windows.
        return MountSpec(MountType.VOLUME, text)
    parts = text.split(":")
    if len(parts) > 3 or (len(parts) == 2 and valid_mode(parts[1])):
        raise invalid(f"invalid volume specification: '{text}'")
    host, _, rest = text.partition(":")
    target, _, mode = rest.partition(":")
    source = absolute(host, cwd) if host.startswith(".") else host
    kind = MountType.BIND if source.startswith("/") else MountType.VOLUME
    words = mode.split(",")
    return MountSpec(
        kind,
        target,
        source,
        read_only="ro" in words,
        mode=mode,
        no_copy="nocopy" in words,
        propagation=next((word for word in words if word in _PROPAGATIONS), ""),
    )


_PROPAGATIONS = ("rprivate", "private", "rshared", "shared", "rslave", "slave")


def _has_source(text: str) -> bool:
    """volumespec.Parse: is there a part before the destination? Raises ValueError."""
    if not text:
        raise ValueError("invalid empty volume spec")
    if len(text) <= 2:
        return False
    sections = 0
    buffer = ""
    for letter in (*text, None):
        if letter == ":" and len(buffer) == 1 and buffer.isalpha():
            buffer += letter
        elif letter == ":" or letter is None:
            if not buffer:
                raise ValueError(f"invalid spec: {text}: empty section between colons")
            if sections == 2 and letter is not None:
                raise ValueError(f"invalid spec: {text}: too many colons")
            sections += 1
            buffer = ""
        else:
            buffer += letter
    return sections > 1


# -- `--tmpfs` ------------------------------------------------------------------------------------


def parse_tmpfs(text: str) -> MountSpec:
    """`/run:size=64m`; options are the daemon's to judge."""
    target, _, options = text.partition(":")
    return MountSpec(MountType.TMPFS, target, tmpfs_options=options, in_mounts=False)
