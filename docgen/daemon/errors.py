"""What the daemon refuses, in dockerd 28.5.2's own words."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Why (moby's errdefs); the command line chooses exit status and second line by it."""

    NOT_FOUND = "not found"
    CONFLICT = "conflict"
    INVALID = "invalid"
    SYSTEM = "system"
    NOT_MODIFIED = "not modified"
    FORBIDDEN = "forbidden"


class DaemonError(Exception):
    """The daemon's answer to a request it will not fulfil.

    `message` is the text after `Error response from daemon: `.
    """

    def __init__(self, message: str, kind: Kind) -> None:
        self.message = message
        self.kind = kind
        super().__init__(message)


class ClientError(Exception):
    """Refused by docker's client itself (`docker cp`, build context): printed without the
    prefix."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def not_found(message: str) -> DaemonError:
    return DaemonError(message, Kind.NOT_FOUND)


def conflict(message: str) -> DaemonError:
    return DaemonError(message, Kind.CONFLICT)


def invalid(message: str) -> DaemonError:
    return DaemonError(message, Kind.INVALID)


def system(message: str) -> DaemonError:
    return DaemonError(message, Kind.SYSTEM)


def forbidden(message: str) -> DaemonError:
    return DaemonError(message, Kind.FORBIDDEN)
