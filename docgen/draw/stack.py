"""A container's own stack as panels: what processes see, the writable layer, the image layers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from docgen.draw.entries import Choice, Item, file_count, item_rows, lost_rows
from docgen.draw.hidden import Index
from docgen.draw.panel import Panel, Part, Row, Runs, run
from docgen.draw.scene import MarkKind, Role, Style
from docgen.draw.story import Life, Phase, Story
from docgen.draw.text import clean, plural, size, wrap
from docgen.frozen import frozen
from docgen.record.snapshot import Container, Image, Kind, Layer, Snapshot

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


@frozen
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
