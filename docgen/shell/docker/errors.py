"""How a docker command ends badly."""

from __future__ import annotations


class CommandError(Exception):
    """`text` goes to standard error with a newline ('' = nothing to say); then exit `status`."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


def from_daemon(message: str) -> str:
    """How docker's client shows what the daemon refused."""
    return f"Error response from daemon: {message}"


def with_help(message: str, command: str) -> str:
    """`docker: …` and the hint, as `docker run` and `create` have it for their own errors."""
    return f"docker: {message}\n\nRun 'docker {command} --help' for more information"
