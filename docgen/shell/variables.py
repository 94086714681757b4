"""Shell variables: values, export and readonly marks, the frames of `local`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from docgen import limits
from docgen.diagnostics import LimitExceeded

_BUCKETS = 39
"""dash and ash keep variables in a hash table of this size; `env` shows them in its order."""


class ReadOnly(Exception):  # noqa: N818 - a state of the variable
    """An assignment to a readonly variable."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Variables:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._values: dict[str, str | None] = dict(environment)
        self._exported: set[str] = set(environment)
        self._readonly: set[str] = set()
        self._frames: list[dict[str, tuple[str | None, bool, bool]]] = []
        self._environment: Mapping[str, str] | None = None

    def copy(self) -> Variables:
        """For a subshell."""
        other = Variables({})
        other._values = dict(self._values)
        other._exported = set(self._exported)
        other._readonly = set(self._readonly)
        other._frames = [dict(frame) for frame in self._frames]
        other._environment = self._environment
        return other

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def names(self) -> list[str]:
        """All that are set, sorted."""
        return sorted(name for name, value in self._values.items() if value is not None)

    def exported(self) -> list[str]:
        return sorted(self._exported)

    def readonly(self) -> list[str]:
        return sorted(self._readonly)

    def set(self, name: str, value: str) -> None:
        """Raises ReadOnly, LimitExceeded."""
        if name in self._readonly:
            raise ReadOnly(name)
        if len(value) > limits.VARIABLE_BYTES:
            raise LimitExceeded(
                f"${name} would hold more than {limits.VARIABLE_BYTES:,} bytes",
                "keep large data in files",
            )
        self._values[name] = value
        if name in self._exported:
            self._environment = None

    def unset(self, name: str) -> None:
        """Raises ReadOnly."""
        if name in self._readonly:
            raise ReadOnly(name)
        self._values.pop(name, None)
        self._exported.discard(name)
        self._environment = None

    def export(self, name: str) -> None:
        self._exported.add(name)
        self._environment = None

    def make_readonly(self, name: str) -> None:
        self._readonly.add(name)

    def environment(self) -> Mapping[str, str]:
        """For child processes, in the order of the shells' hash table."""
        if self._environment is None:
            pairs = [
                (name, value)
                for name, value in self._values.items()
                if name in self._exported and value is not None
            ]
            pairs.sort(key=lambda pair: _bucket(pair[0]))
            self._environment = MappingProxyType(dict(pairs))
        return self._environment

    def with_assignments(self, assignments: Mapping[str, str]) -> Mapping[str, str]:
        """The environment of one command: `A=1 B=2 command`."""
        if not assignments:
            return self.environment()
        pairs = {**self.environment(), **assignments}
        return dict(sorted(pairs.items(), key=lambda pair: _bucket(pair[0])))

    # -- local -------------------------------------------------------------------------------

    @property
    def in_function(self) -> bool:
        return bool(self._frames)

    def enter_function(self) -> None:
        self._frames.append({})

    def leave_function(self) -> None:
        for name, saved in self._frames.pop().items():
            self.restore(name, saved)

    def make_local(self, name: str) -> None:
        """Its present value comes back when the function ends."""
        self._frames[-1].setdefault(name, self.saved(name))

    def saved(self, name: str) -> tuple[str | None, bool, bool]:
        """Value and marks, for `restore`."""
        return self._values.get(name), name in self._exported, name in self._readonly

    def restore(self, name: str, saved: tuple[str | None, bool, bool]) -> None:
        value, exported, readonly = saved
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value
        for marks, wanted in ((self._exported, exported), (self._readonly, readonly)):
            if wanted:
                marks.add(name)
            else:
                marks.discard(name)
        self._environment = None


def _bucket(name: str) -> int:
    letters = name.encode("utf-8", "surrogateescape")
    return ((letters[0] << 4) + sum(letters) if letters else 0) % _BUCKETS
