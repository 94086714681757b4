"""Reading pages from the disk, and writing them back whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from docgen.diagnostics import Diagnostic, PageError
from docgen.frozen import frozen


@frozen
class Source:
    """A page's text and the bytes that it had when it was read."""

    file: Path
    data: bytes
    text: str


def read_source(file: Path, shown: str) -> Source:
    """Raises PageError for a file that is no UTF-8 text or cannot be read."""
    try:
        data = file.read_bytes()
        return Source(file, data, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"the byte 0x{error.object[error.start]:02x}"
        remedy = "save the page as UTF-8"
        raise PageError([Diagnostic(shown, line, 0, found, "UTF-8 text", remedy)]) from None
    except OSError as error:
        found = f"the page cannot be read: {error.strerror}"
        raise PageError([Diagnostic(shown, 0, 0, found, "", "check its path and mode")]) from None


def write_source(source: Source, text: str, shown: str) -> None:
    """The page becomes `text`, in one step. Raises PageError where somebody else changed it."""
    if source.file.read_bytes() != source.data:
        found = "the page was changed while docgen was running"
        raise PageError([Diagnostic(shown, 0, 0, found, "", "run docgen update again")])
    write_whole(source.file, text.encode())


def write_whole(file: Path, data: bytes) -> None:
    """A reader sees the old file or the new one, and never a half; mode bits stay."""
    import tempfile  # only writing pays for it

    target = file.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, target.stat().st_mode & 0o7777 if target.exists() else 0o644)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
