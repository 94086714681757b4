"""A container's own stack as panels: what processes see, the writable layer, the image layers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docgen.draw.entries import Choice, Item, file_count, item_rows, lost_rows, written
from docgen.draw.hidden import Index
from docgen.draw.outside import MOUNT_STYLES, in_order, short_name
from docgen.draw.panel import Panel, Part, Row, Runs, run
from docgen.draw.scene import MarkKind, Role, Style
from docgen.draw.story import RUNS, Life, Phase, Story
from docgen.draw.text import cells, clean, cut_middle, plural, size, wrap
from docgen.record.snapshot import Container, Image, Kind, Layer, Mark, Mount, MountKind, Snapshot

MOST_MOUNTS = 5
"""Mounts with a line of their own."""


# --- what processes see --------------------------------------------------------------------------


def view_panel(life: Life, room: int, *, lines: bool, full: bool) -> Panel:
    """The top row: every name in the colour of the place that serves it.

    `lines`: a line leads from a mount to its source, so no words are needed there.
    """
    container = life.container
    if life.phase is not Phase.ALIVE or container is None:
        words = "nothing: no container yet" if life.phase is Phase.BEFORE else "nothing any more"
        return Panel(
            "view", Style.GHOST, run("What processes see", Role.QUIET), (), (_note("view", words),)
        )
    verb = "see" if container.status in RUNS else "would see"
    title = run("What processes in ", Role.QUIET) + run(clean(container.name), Role.NAME)
    served: dict[str, list[str]] = {"image": [], "init": []}
    for seen in container.seen:
        if seen.served_by != "writable" and not seen.served_by.startswith("mount:"):
            kind = seen.served_by if seen.served_by in served else "image"
            served[kind].append(clean(seen.path))
    rows = [
        _names_row("view#image", served["image"], Style.LAYER, "image layers", room),
        _names_row(
            "view#writable", _written_names(container), Style.WRITABLE, "writable layer", room
        ),
    ]
    if full and served["init"]:
        rows.append(
            _names_row("view#init", served["init"], Style.VIEW, "made by the runtime", room)
        )
    rows += _mount_rows(in_order(container.mounts), lines=lines)
    return Panel("view", Style.VIEW, title + run(f" {verb}", Role.QUIET), (), tuple(rows))


def _written_names(container: Container) -> list[str]:
    """What the writable layer serves, without directories that only lead to it."""
    items = [
        item for item in written(container.writable, full=False) if item.mark is not Mark.DELETED
    ]
    over = tuple(f"{mount.target}/" for mount in container.mounts)
    return [clean(item.path) for item in items if not f"{item.path}/".startswith(over)]


def _note(key: str, words: str) -> Row:
    return Row(f"{key}#note", run(words, Role.QUIET), part=Part.HEAD)


def _names_row(key: str, names: Sequence[str], style: Style, words: str, room: int) -> Row:
    """As many names as fit beside the words; the others are counted."""
    if not names:
        return Row(key, run("nothing", Role.QUIET), run(words, Role.QUIET), part=Part.HEAD)
    chips: list[tuple[str, Style]] = []
    left = room - cells(words) - 5
    for at, name in enumerate(names):
        more = len(f"+{len(names) - at}") if at + 1 < len(names) else 0
        if cells(name) + more > left:
            break
        chips.append((name, style))
        left -= cells(name) + 2
    rest = len(names) - len(chips)
    text = f"+{rest}  {words}" if rest else words
    return Row(
        key,
        (),
        run(text, Role.QUIET),
        chips=tuple(chips),
        part=Part.HEAD,
        tip=f"{words}: {' '.join(names)}",
    )


def _mount_rows(mounts: Sequence[Mount], *, lines: bool) -> list[Row]:
    rows = []
    for mount in mounts[:MOST_MOUNTS]:
        words = run(f"→ {source_words(mount)}", Role.QUIET) if not lines else ()
        chip = ((mount_name(mount), MOUNT_STYLES[mount.kind]),)
        rows.append(Row(mount_row_key(mount), (), words, chips=chip, tip=_mount_tip(mount)))
    rest = mounts[MOST_MOUNTS:]
    if rest:
        names = " ".join(clean(mount.target) for mount in rest)
        rows.append(
            Row("view#mounts", run(f"and {plural(len(rest), 'more mount')}", Role.QUIET), tip=names)
        )
    return rows


def mount_name(mount: Mount) -> str:
    """The target as its chip shows it."""
    return cut_middle(clean(mount.target), 22)


def mount_row_key(mount: Mount) -> str:
    return f"view/{mount.target}"


def source_words(mount: Mount) -> str:
    match mount.kind:
        case MountKind.VOLUME:
            return f"volume {short_name(mount.source)}"
        case MountKind.BIND:
            return "host directory"
        case MountKind.TMPFS:
            return "memory"
        case MountKind.IMAGE:
            return f"image {clean(mount.source)}"


def _mount_tip(mount: Mount) -> str:
    way = "read-only" if mount.read_only else "read and write"
    hides = f"\nhides {plural(len(mount.hides), 'path')} of the layers: " if mount.hides else ""
    hidden = " ".join(clean(path) for path in mount.hides[:10])
    return (
        f"{clean(mount.target)}: {source_words(mount)} {clean(mount.source)}, {way}{hides}{hidden}"
    )


# --- the writable layer --------------------------------------------------------------------------


def writable_panel(
    life: Life, items: Sequence[Item], choice: Choice, command: str, room: int, *, full: bool
) -> Panel:
    """The container's own layer: its place stays visible before it exists and after it is gone."""
    title = run("Writable layer", Role.TITLE)
    container = life.container
    if container is None:
        rows = _lines("writable#none", "made together with the container", Role.QUIET, room)
        return Panel("writable", Style.GHOST, title, run("not there yet", Role.QUIET), rows)
    rows = item_rows("writable", items, choice)
    amount = size(container.writable.size)
    if life.phase is Phase.GONE:
        lost = f"gone for good: {command}"
        rows = lost_rows(rows) + _lines("writable#gone", lost, Role.LOST, room)
        return Panel("writable", Style.GHOST, title, run(f"{amount}, lost", Role.QUIET), rows)
    if not items:
        rows = (Row("writable#empty", run("nothing written yet", Role.QUIET)),)
    if container.read_only:
        rows = (*rows, Row("writable#ro", run("locked: run --read-only", Role.QUIET)))
    where = container.writable.directory
    if full and where:
        rows = (
            *rows,
            Row("writable#dir", run(clean(where), Role.HOST), part=Part.FOOT, tip=clean(where)),
        )
    rows += _lines("writable#fate", "temporary, unique per container", Role.QUIET, room)
    rows += _lines("writable#lost", "deleted by docker rm", Role.LOST, room)
    return Panel("writable", Style.WRITABLE, title, run(amount, Role.QUIET), rows, tip=clean(where))


def _lines(key: str, words: str, role: Role, room: int) -> tuple[Row, ...]:
    lines = enumerate(wrap(words, room)[:2])
    return tuple(Row(f"{key}{at}", run(line, role), part=Part.FOOT) for at, line in lines)


# --- the image layers ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawn:
    """One image layer with what a step knows of it."""

    layer: Layer
    index: Index
    number: int
    """From the base, 1."""
    hidden: Mapping[str, str]
    """Hidden paths, and the key of the place that hides each."""
    image: str = ""
    """The image that this layer completes, when it is another one."""


def layer_panel(drawn: Drawn, most: int, *, full: bool) -> Panel:
    layer = drawn.layer
    key = f"layer:{layer.key}"
    files = drawn.index.files
    single = full is False and len(files) == 1
    right: Runs = run(file_count(len(files), len(layer.entries)), Role.QUIET)
    sign = None
    if single:
        path = files[0].path
        over = path in drawn.hidden
        role = Role.GHOST if over else Role.QUIET_CODE
        role = Role.STRUCK if files[0].kind is Kind.WHITEOUT else role
        right = run(clean(path), role)
        sign = MarkKind.HIDDEN if over else None
        sign = MarkKind.WHITEOUT if files[0].kind is Kind.WHITEOUT else sign
    what = instruction(layer.created_by) if not drawn.image else f"FROM {clean(drawn.image)}"
    rows = [
        Row(
            f"{key}#what",
            run(what, Role.QUIET_CODE),
            right,
            sign=sign,
            part=Part.HEAD,
            tip=_layer_tip(layer, len(files)),
        )
    ]
    if not single:
        rows += _hidden_rows(key, drawn.hidden, most)
    if full and layer.directory:
        where = clean(layer.directory)
        rows.append(Row(f"{key}#dir", run(where, Role.HOST), part=Part.FOOT, tip=where))
    title = run(f"Image layer {drawn.number}", Role.TITLE)
    return Panel(key, Style.LAYER, title, run(size(layer.size), Role.QUIET), tuple(rows))


def _hidden_rows(key: str, hidden: Mapping[str, str], most: int) -> list[Row]:
    paths = list(hidden)
    shown = paths if len(paths) <= most else paths[: most - 1]
    rows = [
        Row(
            f"{key}{path}",
            run(clean(path), Role.GHOST),
            run("hidden", Role.QUIET),
            sign=MarkKind.HIDDEN,
            tip=f"{clean(path)}: still in this layer, hidden by a layer above",
        )
        for path in shown
    ]
    rest = paths[len(shown) :]
    if rest:
        tip = "\n".join(clean(path) for path in rest[:20])
        words = run(f"and {len(rest):,} more hidden", Role.QUIET)
        rows.append(Row(f"{key}#rest", words, part=Part.REST, tip=tip))
    return rows


def _layer_tip(layer: Layer, files: int) -> str:
    words = [
        clean(layer.created_by),
        f"{layer.size:,} bytes, {file_count(files, len(layer.entries))}",
    ]
    words += [f"diff {layer.diff_id}", clean(layer.directory)]
    return "\n".join(word for word in words if word)


def elided_panel(layers: Sequence[Drawn]) -> Panel:
    """Several layers in one box: counted, and their sizes added up."""
    top, bottom = layers[0], layers[-1]
    key = f"layers:{top.layer.key}"
    files = sum(len(drawn.index.files) for drawn in layers)
    entries = sum(len(drawn.layer.entries) for drawn in layers)
    out_of_sight = sum(len(drawn.hidden) for drawn in layers)
    words = f"{len(layers)} layers, {file_count(files, entries)}"
    right = run(f"{out_of_sight:,} hidden", Role.QUIET) if out_of_sight else ()
    total = run(size(sum(drawn.layer.size for drawn in layers)), Role.QUIET)
    tip = "\n".join(f"{d.number}: {instruction(d.layer.created_by)}" for d in layers[:40])
    row = Row(f"{key}#what", run(words, Role.QUIET), right, part=Part.HEAD, tip=tip)
    title = run(f"Image layers {bottom.number} to {top.number}", Role.TITLE)
    return Panel(key, Style.LAYER, title, total, (row,))


_SHELL = re.compile(r"^(?:\|\d+ (?:\S+=\S* )*)?/bin/(?:ba)?sh -c (?:#\(nop\) +)?")


def instruction(created_by: str) -> str:
    """A history line as its author wrote it in the Dockerfile."""
    text = clean(" ".join(created_by.split())).removesuffix(" # buildkit")
    run_prefix = text.startswith("RUN ")
    text = _SHELL.sub("", text.removeprefix("RUN ")).strip()
    if run_prefix or (created_by.startswith(("/bin/sh -c", "|")) and "#(nop)" not in created_by):
        return f"RUN {text}"
    return text


def drawn_layers(
    story: Story,
    snapshot: Snapshot,
    keys: Sequence[str],
    hidden: Mapping[str, Mapping[str, str]],
    own: Image | None,
) -> list[Drawn]:
    """The layers from the top down."""
    layers = {layer.key: layer for layer in snapshot.layers}
    completes = {
        image.layers[-1]: image.names[0].removesuffix(":latest")
        for image in reversed(snapshot.images)
        if image.names and (own is None or image.layers != own.layers or len(own.layers) == 1)
    }
    drawn = [
        Drawn(
            layers[key],
            story.index(layers[key]),
            number,
            hidden.get(key, {}),
            completes.get(key, ""),
        )
        for number, key in enumerate(keys, 1)
        if key in layers
    ]
    return drawn[::-1]


def sharing_words(snapshot: Snapshot, container: Container) -> str:
    """Who else stands on the same read-only layers."""
    same = [
        clean(other.name)
        for other in snapshot.containers
        if other.id != container.id and other.image == container.image
    ]
    if not same:
        return "read-only from here down, shared by all containers of the image"
    others = same[0] if len(same) == 1 else plural(len(same), "other container")
    return f"read-only from here down, shared with {others}"
