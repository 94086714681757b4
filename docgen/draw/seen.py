"""The top box of a container: what its processes see, and which place serves it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from docgen.draw.entries import written
from docgen.draw.outside import MOUNT_STYLES, in_order, short_name
from docgen.draw.panel import Panel, Part, Row, run
from docgen.draw.scene import Role, Style
from docgen.draw.story import RUNS, Life, Phase
from docgen.draw.text import cells, clean, cut_middle, plural
from docgen.record.snapshot import Container, Mark, Mount, MountKind


def view_panel(life: Life, room: int, shown: Collection[str], *, lines: bool, full: bool) -> Panel:
    """The top row: every name in the colour of the place that serves it.

    `shown`: targets of the mounts that get a row of their own. `lines`: a line leads from a mount
    to its source, so no words are needed there.
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
    rows += _mount_rows(in_order(container.mounts), shown, lines=lines)
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
    if not chips:
        chips.append((cut_middle(names[0], left - len(f"+{len(names)}")), style))
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


def _mount_rows(mounts: Sequence[Mount], shown: Collection[str], *, lines: bool) -> list[Row]:
    rows = []
    for mount in mounts:
        if mount.target in shown:
            words = run(f"→ {source_words(mount)}", Role.QUIET) if not lines else ()
            chip = ((mount_name(mount), MOUNT_STYLES[mount.kind]),)
            rows.append(Row(mount_row_key(mount), (), words, chips=chip, tip=_mount_tip(mount)))
    rest = [clean(mount.target) for mount in mounts if mount.target not in shown]
    if rest:
        words = run(f"and {plural(len(rest), 'more mount')}", Role.QUIET)
        rows.append(Row("view#mounts", words, part=Part.REST, tip=" ".join(rest)))
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
