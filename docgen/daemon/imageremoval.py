"""`docker image rm` and the prunes of images, by the rules of both stores.

moby 28.5.2: daemon/images/image_delete.go, image_prune.go; daemon/containerd/image_delete.go,
image_prune.go.
"""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.answers import ImageDeletion, PruneReport, Removal
from docgen.daemon.container import Container
from docgen.daemon.errors import DaemonError, conflict
from docgen.daemon.filters import check_keys, dangling_only, label_matches, until_ns
from docgen.daemon.image import ImageRecord
from docgen.daemon.model import Filters, MountType
from docgen.daemon.refs import is_id_prefix, parse
from docgen.daemon.world import World

Lines = list[ImageDeletion]


def remove_image(world: World, ref: str, *, force: bool, prune: bool) -> tuple[ImageDeletion, ...]:
    """Raises NOT_FOUND, CONFLICT `conflict: unable to …`."""
    image = world.images.resolve(ref)
    lines: Lines = []
    if world.images.containerd:
        _remove_containerd(world, image, ref, lines, force=force, prune=prune)
    else:
        _remove_classic(world, image, ref, lines, force=force, prune=prune)
    return tuple(lines)


def _users(world: World, image: ImageRecord) -> list[Container]:
    return [one for one in world.containers if one.image.id == image.id]


def _mounts_it(container: Container, image: ImageRecord) -> bool:
    return any(
        point.type is MountType.IMAGE and point.spec.source == image.id
        for point in container.mounts
    )


def _referring(world: World, image: ImageRecord) -> Container | None:
    """A container made from the image, or one that mounts it."""
    found = (one for one in world.containers if one.image.id == image.id or _mounts_it(one, image))
    return next(found, None)


def _unable(what: str, reason: str, *, hard: bool) -> DaemonError:
    force = "cannot be forced" if hard else "must be forced"
    return conflict(f"conflict: unable to delete {what} ({force}) - {reason}")


def _running(world: World, image: ImageRecord) -> Container | None:
    return next((one for one in _users(world, image) if one.state.running), None)


def _stopped(world: World, image: ImageRecord) -> Container | None:
    return next((one for one in _users(world, image) if not one.state.running), None)


def _untag(world: World, name: str, lines: Lines) -> None:
    world.images.untag(name)
    lines.append(ImageDeletion(Removal.UNTAGGED, name))


# --- classic stores ---------------------------------------------------------------------------


def _remove_classic(
    world: World, image: ImageRecord, ref: str, lines: Lines, *, force: bool, prune: bool
) -> None:
    names = world.images.names_of(image.id)
    quiet = False
    if not is_id_prefix(image.id, ref):
        user = _referring(world, image)
        if not force and len(names) == 1 and user is not None:
            raise conflict(
                f'conflict: unable to remove repository reference "{ref}" (must force) - container '
                f"{user.short_id} is using its referenced image {image.short_id}"
            )
        _untag(world, str(parse(ref).tagged()), lines)
        if len(names) > 1:
            return
        quiet = True
    elif len(names) == 1:
        problem = _classic_conflict(world, image, soft=not force, references=False)
        if problem is not None:
            raise problem
        _untag(world, names[0], lines)
    _delete_classic(world, image, lines, force=force, prune=prune, quiet=quiet)


def _classic_conflict(
    world: World, image: ImageRecord, *, soft: bool, references: bool
) -> DaemonError | None:
    if world.images.children(image.id):
        return _unable(image.short_id, "image has dependent child images", hard=True)
    running = _running(world, image)
    if running is not None:
        reason = f"image is being used by running container {running.short_id}"
        return _unable(image.short_id, reason, hard=True)
    if soft and references and world.images.names_of(image.id):
        return _unable(image.short_id, "image is referenced in multiple repositories", hard=False)
    stopped = _stopped(world, image)
    if soft and stopped is not None:
        reason = f"image is being used by stopped container {stopped.short_id}"
        return _unable(image.short_id, reason, hard=False)
    return None


def _delete_classic(
    world: World, image: ImageRecord, lines: Lines, *, force: bool, prune: bool, quiet: bool
) -> None:
    while True:
        problem = _classic_conflict(world, image, soft=not force, references=True)
        if problem is not None:
            used = bool(_users(world, image))
            dangling = not world.images.names_of(image.id) and not world.images.children(image.id)
            if quiet and (not dangling or used):
                return
            raise problem
        for name in world.images.names_of(image.id):
            _untag(world, name, lines)
        gone = world.images.forget(image.id)
        lines.append(ImageDeletion(Removal.DELETED, image.id))
        lines += [ImageDeletion(Removal.DELETED, layer.chain_id) for layer in gone]
        parent = world.images.get(image.parent)
        if not prune or parent is None:
            return
        image, force, prune, quiet = parent, False, True, True


# --- the containerd store ---------------------------------------------------------------------


def _remove_containerd(
    world: World, image: ImageRecord, ref: str, lines: Lines, *, force: bool, prune: bool
) -> None:
    names = world.images.names_of(image.id)
    if is_id_prefix(image.id, ref):
        _delete_containerd(world, image, lines, soft=not force, names=names, prune=prune)
        return
    name = str(parse(ref).tagged())
    if len(names) > 1:
        _untag(world, name, lines)
        return
    user = _referring(world, image)
    if user is not None:
        if not force:
            reason = f"container {user.short_id} is using its referenced image {image.short_id}"
            raise _unable(name, reason, hard=False)
        _untag(world, name, lines)
        return
    _delete_containerd(world, image, lines, soft=not force, names=names, prune=prune)


def _delete_containerd(
    world: World,
    image: ImageRecord,
    lines: Lines,
    *,
    soft: bool,
    names: tuple[str, ...],
    prune: bool,
) -> None:
    problem = _containerd_conflict(world, image, soft=soft, references=len(names))
    if problem is not None:
        raise problem
    parents = _parents(world, image) if prune else []
    has_children = bool(world.images.children(image.id))
    for name in names:
        _untag(world, name, lines)
    if not (soft and len(names) == 1 and has_children):
        world.images.forget(image.id)
    lines.append(ImageDeletion(Removal.DELETED, image.id))
    for parent in parents:
        blocked = world.images.names_of(parent.id) or _containerd_conflict(
            world, parent, soft=True, references=0
        )
        if blocked:
            return
        world.images.forget(parent.id)
        lines.append(ImageDeletion(Removal.DELETED, parent.id))


def _parents(world: World, image: ImageRecord) -> list[ImageRecord]:
    """The images that it was committed from; none where one of them is gone (moby only warns)."""
    found: list[ImageRecord] = []
    while image.parent:
        parent = world.images.get(image.parent)
        if parent is None:
            return []
        found.append(parent)
        image = parent
    return found


def _containerd_conflict(
    world: World, image: ImageRecord, *, soft: bool, references: int
) -> DaemonError | None:
    running = _running(world, image)
    if running is not None:
        reason = f"image is being used by running container {running.short_id}"
        return _unable(image.short_id, reason, hard=True)
    stopped = _stopped(world, image)
    if soft and stopped is not None:
        reason = f"image is being used by stopped container {stopped.short_id}"
        return _unable(image.short_id, reason, hard=False)
    if soft and references > 1:
        return _unable(image.short_id, "image is referenced in multiple repositories", hard=False)
    return None


# --- prune ------------------------------------------------------------------------------------


def prune_images(world: World, filters: Filters, *, all_unused: bool) -> PruneReport:
    """Dangling images, or all that no container uses. Raises INVALID for a filter it does not
    know."""
    check_keys(filters, ("dangling", "label", "label!", "until"))
    all_unused = all_unused or not dangling_only(filters)
    until = until_ns(filters, world.clock.now_ns)

    def wanted(image: ImageRecord) -> bool:
        labels = image.run_config.labels
        if until is not None and image.created_ns > until:
            return False
        return label_matches(filters, labels)

    if world.images.containerd:
        return _prune_containerd(world, wanted, all_unused=all_unused)
    return _prune_classic(world, wanted, all_unused=all_unused)


def _prune_classic(
    world: World, wanted: Callable[[ImageRecord], bool], *, all_unused: bool
) -> PruneReport:
    """Each image without children: by name first, then by id; what is in use is skipped."""
    lines: Lines = []
    before = world.images.layer_sizes()
    for image in sorted(
        world.images.all(), key=lambda one: (world.images.names_of(one.id), one.id)
    ):
        names = world.images.names_of(image.id)
        if not wanted(image) or (names and not all_unused) or world.images.children(image.id):
            continue
        if all_unused or not names:
            _prune_one(world, image, names, lines)
    after = world.images.layer_sizes()
    space = sum(size for chain, size in before.items() if chain not in after)
    return PruneReport((), space, tuple(lines))


def _prune_one(world: World, image: ImageRecord, names: tuple[str, ...], lines: Lines) -> None:
    for ref in names or (image.id,):
        try:
            lines += remove_image(world, ref, force=False, prune=True)
        except DaemonError:
            continue


def _prune_containerd(
    world: World, wanted: Callable[[ImageRecord], bool], *, all_unused: bool
) -> PruneReport:
    """By name; a container keeps the name it was made from, and its image's last name."""
    lines: Lines = []
    space = 0
    kept_names, kept_ids = _kept_by_containers(world)
    for image in sorted(
        world.images.all(), key=lambda one: (world.images.names_of(one.id), one.id)
    ):
        names = world.images.names_of(image.id)
        if not wanted(image) or (names and not all_unused):
            continue
        in_use = any(one.image.id == image.id for one in world.containers)
        if not names and in_use:
            continue
        doomed = [name for name in names if name not in kept_names]
        if image.id in kept_ids and len(doomed) == len(names):
            doomed = doomed[:-1]
        for name in doomed:
            world.images.untag(name)
            lines.append(ImageDeletion(Removal.UNTAGGED, name))
        if len(doomed) == len(names) and not in_use:
            if not names:
                lines.append(ImageDeletion(Removal.UNTAGGED, image.id))
            space += _drop(world, image, lines)
    return PruneReport((), space, tuple(lines))


def _drop(world: World, image: ImageRecord, lines: Lines) -> int:
    """Remove an image; bytes of the blobs that nothing else refers to. Where the content
    stays, since
    the build cache or another image leases it, no `deleted:` line is printed."""
    world.images.forget(image.id)
    held = world.images.chains() | world.leased()
    if (
        image.layers
        and all(layer.chain_id in held for layer in image.layers)
        and not (image.parent or image.by_buildkit)
    ):
        return 0
    lines += [ImageDeletion(Removal.DELETED, one) for one in image.pointers]
    blobs = zip(image.layers, image.blob_sizes, strict=True)
    freed = sum(size for layer, size in blobs if layer.chain_id not in held)
    return freed + image.content_size - sum(image.blob_sizes)


def _kept_by_containers(world: World) -> tuple[frozenset[str], frozenset[str]]:
    names, ids = set(), set()
    for container in world.containers:
        text = container.spec.image
        if is_id_prefix(container.image.id, text):
            ids.add(container.image.id)
        try:
            names.add(str(parse(text).tagged()))
        except DaemonError:
            continue
    return frozenset(names), frozenset(ids)
