"""Paths of `docker cp`: what a trailing `/` or `/.` says, and how members are renamed (go-archive
copy.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from docgen.daemon.errors import ClientError
from docgen.daemon.transfer import Entries
from docgen.frozen import frozen
from docgen.fs.content import Content
from docgen.oci.tarform import Member, Type


@frozen
class CopyInfo:
    """What is known of one side."""

    path: str
    exists: bool = False
    is_dir: bool = False
    rebase: str = ""
    """Name in the archive, where it is not the path's own."""


def asserts_directory(path: str) -> bool:
    return path.endswith("/") or names_current(path)


def names_current(path: str) -> bool:
    return posixpath.basename(path) == "."


def preserve_ending(clean: str, original: str) -> str:
    """Put back a `/.` or `/` that cleaning took away."""
    if not names_current(clean) and names_current(original):
        clean = clean.rstrip("/") + "/."
    if not clean.endswith("/") and original.endswith("/"):
        clean += "/"
    return clean


def absolute(path: str, cwd: str) -> str:
    """A path of the client, ending kept."""
    return preserve_ending(posixpath.normpath(posixpath.join(cwd, path)), path)


def split(path: str) -> tuple[str, str]:
    """(directory, last element); the last element of `d/.` is `.`."""
    clean = posixpath.normpath(path)
    if names_current(path):
        clean = clean.rstrip("/") + "/."
    directory, base = posixpath.split(clean)
    return directory or ".", base or "/"


def rename(entries: Entries, old: str, new: str) -> Iterator[tuple[Member, Content]]:
    """RebaseArchiveEntries: the first `old` of every name becomes `new`."""
    old = "" if old == "/" else old
    for member, data in entries:
        name = member.name.replace(old, new, 1)
        link = member.link
        if member.type is Type.HARD_LINK:
            link = link.replace(old, new, 1)
        yield replace(member, name=name, link=link), data


def prepare(entries: Entries, source: CopyInfo, target: CopyInfo) -> tuple[str, Entries]:
    """Where to unpack, and what (PrepareArchiveCopy). Raises ClientError."""
    directory, target_base = split(target.path)
    source_base = source.rebase or split(source.path)[1]
    if target.exists and target.is_dir:
        return target.path, entries
    if target.exists and source.is_dir:
        raise ClientError("cannot copy directory")
    if not target.exists and not source.is_dir and asserts_directory(target.path):
        raise ClientError("no such directory")
    return directory, rename(entries, source_base, target_base)
