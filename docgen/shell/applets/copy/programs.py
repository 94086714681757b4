"""cp, mv and install."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.diagnostics import NotSimulated
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.copy.copier import Copier
from docgen.shell.applets.copy.install import install
from docgen.shell.applets.copy.move import mv
from docgen.shell.applets.copy.plan import Plan
from docgen.shell.applets.copy.targets import pairs_of
from docgen.shell.applets.support.quoting import always_shell_quoted
from docgen.shell.applets.support.tool import GNU, flag, on_host, refused, tool, value
from docgen.shell.process import Process

_PRESERVABLE = ("mode", "ownership", "timestamps", "links", "context", "xattr", "all")


def _cp_plan(p: Process, options: Options) -> Plan:
    gnu = on_host(p)
    archive = "archive" in options
    kept = {"mode", "ownership", "timestamps"} if "p" in options else set()
    for text in options.all("preserve"):
        kept |= set(text.split(",") if text else ("mode", "ownership", "timestamps"))
    for text in options.all("no-preserve"):
        kept -= set(text.split(","))
    unknown = sorted(kept - set(_PRESERVABLE))
    if unknown:
        raise NotSimulated(f"cp --preserve={unknown[0]}", f"one of {', '.join(_PRESERVABLE)}")
    everything = archive or "all" in kept
    recursive = archive or "recursive" in options
    return Plan(
        gnu=gnu,
        recursive=recursive,
        follow=_follow(options, recursive, archive, gnu),
        mode=everything or "mode" in kept,
        owner=everything or "ownership" in kept,
        times=everything or "timestamps" in kept,
        links=(everything or "links" in kept or "d" in options) and (gnu or recursive),
        force="force" in options,
        no_clobber=options.last_of("no-clobber", "force", "i") == "no-clobber",
        update="update" in options,
        as_link="hard" if "link" in options else "symbolic" if "symbolic-link" in options else "",
        verbose="verbose" in options,
        attributes_only="attributes-only" in options,
        remove_destination="remove-destination" in options,
        one_file_system="one-file-system" in options,
    )


def _follow(options: Options, recursive: bool, archive: bool, gnu: bool) -> str:
    match options.last_of("dereference", "no-dereference", "H", "d", "archive"):
        case "dereference":
            return "always"
        case "H":
            return "operands"
        case "no-dereference" | "d" | "archive":
            return "never"
        case _:
            return "never" if recursive or archive or (gnu and "link" in options) else "always"


def cp(p: Process, options: Options) -> Steps[int]:
    plan = _cp_plan(p, options)
    pairs = yield from pairs_of(p, options)
    if pairs is None:
        return 1
    if "parents" in options:
        raise NotSimulated("cp --parents", "make the directories with mkdir -p first")
    copier = Copier(p, plan)
    for source, target in pairs:
        if _wants_missing_directory(p, target) and not plan.recursive:
            shown = always_shell_quoted(p, target)
            yield from p.complain(f"cannot create regular file {shown}: Not a directory")
            copier.status = 1
            continue
        yield from copier.operand(source, target.rstrip("/") or "/" if plan.gnu else target)
    return copier.status


def _wants_missing_directory(p: Process, target: str) -> bool:
    return target.endswith("/") and on_host(p) and not p.view.exists(target.rstrip("/") or "/")


_ASKS = "nobody answers here: leave it out"
_BACKUPS = (
    Option("", "backup", Takes.OPTIONAL, GNU, modelled=False),
    refused("b", "", flavours=GNU),
    refused("S", "suffix", flavours=GNU),
    refused("Z", "context", flavours=GNU),
)
_TARGETS = (value("t", "target-directory"), flag("T", "no-target-directory"))

_CP = (
    flag("a", "archive"),
    flag("rR", "recursive"),
    flag("d"),
    flag("p"),
    Option("", "preserve", Takes.OPTIONAL, GNU),
    value("", "no-preserve", GNU),
    flag("P", "no-dereference"),
    flag("L", "dereference"),
    flag("H"),
    flag("f", "force"),
    flag("n", "no-clobber"),
    flag("u", "update"),
    flag("l", "link"),
    flag("s", "symbolic-link"),
    flag("v", "verbose", GNU),
    flag("x", "one-file-system", GNU),
    flag("", "attributes-only", GNU),
    flag("", "remove-destination", GNU),
    flag("", "parents", GNU),
    *_TARGETS,
    refused("i", "interactive", _ASKS),
    Option("", "sparse", Takes.ARGUMENT, GNU, modelled=False),
    Option("", "reflink", Takes.OPTIONAL, GNU, modelled=False),
    refused("", "copy-contents", flavours=GNU),
    refused("", "strip-trailing-slashes", flavours=GNU),
    *_BACKUPS,
)
_MV = (
    flag("f", "force"),
    flag("n", "no-clobber"),
    flag("u", "update", GNU),
    flag("v", "verbose", GNU),
    *_TARGETS,
    refused("i", "interactive", _ASKS),
    refused("", "strip-trailing-slashes", flavours=GNU),
    *_BACKUPS,
)
_INSTALL = (
    flag("d", "directory"),
    flag("D"),
    flag("c"),
    flag("p", "preserve-timestamps"),
    flag("v", "verbose"),
    value("m", "mode"),
    value("o", "owner"),
    value("g", "group"),
    *_TARGETS,
    refused("s", "strip"),
    refused("C", "compare"),
    *_BACKUPS,
)

APPLETS = {
    "cp": tool("cp", cp, _CP),
    "mv": tool("mv", mv, _MV),
    "install": tool("install", install, _INSTALL, flavours=GNU),
}
