"""`docker … prune`: the question, the lists, the sum."""

from __future__ import annotations

from collections.abc import Callable

from docgen.daemon.answers import CacheRecord, PruneReport, Removal
from docgen.daemon.model import Filters
from docgen.daemon.waits import Steps
from docgen.shell.docker.call import Call
from docgen.shell.docker.commands.lists import natural
from docgen.shell.docker.errors import CommandError
from docgen.shell.docker.units import human_duration, human_size

_SURE = "Are you sure you want to continue?"
_CONTAINERS = f"WARNING! This will remove all stopped containers.\n{_SURE}"
_DANGLING = f"WARNING! This will remove all dangling images.\n{_SURE}"
_ALL_IMAGES = (
    "WARNING! This will remove all images without at least one container associated to them.\n"
    + _SURE
)
_ANONYMOUS = (
    "WARNING! This will remove anonymous local volumes not used by at least one container.\n"
    + _SURE
)
_ALL_VOLUMES = (
    f"WARNING! This will remove all local volumes not used by at least one container.\n{_SURE}"
)
_DANGLING_CACHE = f"WARNING! This will remove all dangling build cache. {_SURE}"
_ALL_CACHE = f"WARNING! This will remove all build cache. {_SURE}"

Outcome = tuple[str, int]
"""What is printed of one kind ('' = nothing), and bytes."""


def confirmed(call: Call, question: str) -> Steps[bool]:
    """Ask on standard output, read a line of standard input; only `y` and `Y` agree."""
    yield from call.out(f"{question} [y/N] ")
    answer = yield from call.process.lines(0).next()
    return (answer or b"").strip().lower() == b"y"


def _prune(call: Call, question: str, act: Callable[[], Outcome]) -> Steps[int]:
    if not call.flags.on("force"):
        agreed = yield from confirmed(call, question)
        if not agreed:
            return 0
    text, space = act()
    if text:
        yield from call.out(f"{text}\n")
    yield from call.out(f"Total reclaimed space: {human_size(space)}\n")
    return 0


def _listed(title: str, report: PruneReport) -> Outcome:
    if not report.deleted:
        return "", 0
    return f"{title}\n" + "".join(f"{one}\n" for one in report.deleted), report.space


def _containers(call: Call, filters: Filters) -> Outcome:
    return _listed("Deleted Containers:", call.daemon.prune_containers(filters))


def _volumes(call: Call, filters: Filters) -> Outcome:
    return _listed("Deleted Volumes:", call.daemon.prune_volumes(filters))


def _images(call: Call, filters: Filters, everything: bool) -> Outcome:
    report = call.daemon.prune_images(filters, all=everything)
    if not report.images:
        return "", 0
    words = {Removal.UNTAGGED: "untagged", Removal.DELETED: "deleted"}
    lines = "".join(f"{words[one.kind]}: {one.value}\n" for one in report.images)
    return f"Deleted Images:\n{lines}", report.space


def containers(call: Call) -> Steps[int]:
    return _prune(call, _CONTAINERS, lambda: _containers(call, call.filters()))


def images(call: Call) -> Steps[int]:
    everything = call.flags.on("all")
    question = _ALL_IMAGES if everything else _DANGLING
    return _prune(call, question, lambda: _images(call, call.filters(), everything))


def volumes(call: Call) -> Steps[int]:
    filters = call.filters()
    question = _ANONYMOUS
    if call.flags.on("all"):
        if "all" in filters:
            raise CommandError("conflicting options: cannot specify both --all and --filter all=1")
        filters["all"] = ("true",)
        question = _ALL_VOLUMES
    return _prune(call, question, lambda: _volumes(call, filters))


def everything(call: Call) -> Steps[int]:
    """`docker system prune`: containers, networks, volumes, images, build cache, in this order."""
    filters = call.filters()
    with_volumes, all_images = call.flags.on("volumes"), call.flags.on("all")
    if with_volumes and "until" in filters:
        raise CommandError('ERROR: The "until" filter is not supported with "--volumes"')
    if not call.flags.on("force"):
        agreed = yield from confirmed(call, _warning(filters, with_volumes, all_images))
        if not agreed:
            return 0
    outcomes: list[Callable[[], Outcome]] = [lambda: _containers(call, filters)]
    if with_volumes:
        outcomes.append(lambda: _volumes(call, filters))
    outcomes.append(lambda: _images(call, filters, all_images))
    outcomes.append(lambda: _build_cache(call, all_images))
    space = 0
    for act in outcomes:
        text, freed = act()
        space += freed
        if text:
            yield from call.out(f"{text}\n")
    yield from call.out(f"Total reclaimed space: {human_size(space)}\n")
    return 0


def _build_cache(call: Call, everything: bool) -> Outcome:
    report = call.daemon.prune_build_cache(all=everything)
    text, _ = _listed("Deleted build cache objects:", report)
    return text, report.space


def _warning(filters: Filters, with_volumes: bool, all_images: bool) -> str:
    items = ["all stopped containers", "all networks not used by at least one container"]
    if with_volumes:
        items.append("all anonymous volumes not used by at least one container")
    if all_images:
        items.append("all images without at least one container associated to them")
        items.append("all build cache")
    else:
        items += ["all dangling images", "unused build cache"]
    lines = "".join(f"\n  - {item}" for item in items)
    shown = [
        f"{key}={value}" for key in ("label", "label!", "until") for value in filters.get(key, ())
    ]
    if shown:
        lines += "\n\n  Items to be pruned will be filtered with:"
        lines += "".join(f"\n  - {one}" for one in sorted(shown, key=natural))
    return f"WARNING! This will remove:{lines}\n\n{_SURE}"


def build_cache(call: Call) -> Steps[int]:
    """`docker builder prune`, which is buildx's own, with tabs where others have blanks."""
    question = _ALL_CACHE if call.flags.on("all") else _DANGLING_CACHE
    if not call.flags.on("force"):
        agreed = yield from confirmed(call, question)
        if not agreed:
            return 0
    before = {one.id: one for one in call.daemon.disk_usage().cache_list}
    report = call.daemon.prune_build_cache(all=call.flags.on("all"))
    lines = [
        _cache_line(before[one], call.now_ns, first=not at) for at, one in enumerate(report.deleted)
    ]
    yield from call.out("".join(lines) + f"Total:\t{human_size(report.space)}\n")
    return 0


def _cache_line(record: CacheRecord, now_ns: int, *, first: bool) -> str:
    """The first line shares its columns with the header (tab width 8)."""
    name, size = f"{record.id + '*' * record.mutable:<40}", f"{human_size(record.size):<10}"
    used = f"{human_duration(now_ns - record.last_used_ns)} ago"
    if not first:
        return f"{name}\ttrue \t{size}\t{used}\n"
    return f"ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED\n{name}\ttrue \t\t{size}\t{used}\n"
