"""The containers of one daemon: by id, by name, by the beginning of an id."""

from __future__ import annotations

from collections.abc import Iterator

from docgen.daemon import names
from docgen.daemon.container import Container
from docgen.daemon.errors import conflict, invalid, not_found


class ContainerStore:
    """Iterates in order of creation."""

    def __init__(self) -> None:
        self._by_id: dict[str, Container] = {}
        self._names: dict[str, str] = {}

    def __iter__(self) -> Iterator[Container]:
        return iter(tuple(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def newest_first(self) -> tuple[Container, ...]:
        """As `docker ps` and the prunes go."""
        return tuple(reversed(tuple(self._by_id.values())))

    def by_id(self, container_id: str) -> Container:
        return self._by_id[container_id]

    def get(self, ref: str) -> Container:
        """Full id first, then name, then the beginning of an id (moby GetContainer)."""
        if not ref:
            raise invalid('invalid name or ID supplied: ""')
        if ref in self._by_id:
            return self._by_id[ref]
        named = self._names.get(ref.removeprefix("/"))
        if named in self._by_id:
            return self._by_id[named]
        matches = [one for one in self._by_id if one.startswith(ref)]
        if len(matches) > 1:
            raise invalid(f"Multiple IDs found with provided prefix: {ref}")
        if not matches:
            raise not_found(f"No such container: {ref}")
        return self._by_id[matches[0]]

    def reserve(self, name: str, container_id: str) -> str:
        """Take a name ('' = make one up) for an id. Raises INVALID, CONFLICT."""
        if not name:
            name = names.generate(container_id, self._names)
        names.check(name)
        name = name.removeprefix("/")
        owner = self._names.get(name)
        if owner is not None:
            raise conflict(
                f'Conflict. The container name "/{name}" is already in use by container "{owner}". '
                "You have to remove (or rename) that container to be able to reuse that name."
            )
        self._names[name] = container_id
        return name

    def release_name(self, name: str) -> None:
        self._names.pop(name, None)

    def add(self, container: Container) -> None:
        self._by_id[container.id] = container

    def discard(self, container: Container) -> None:
        self._by_id.pop(container.id, None)
        self.release_name(container.name)
