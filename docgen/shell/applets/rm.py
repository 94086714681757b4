"""rm."""

from __future__ import annotations

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.nodes import Kind
from docgen.shell.applet import Option, Options, Takes
from docgen.shell.applets.support.quoting import always_shell_quoted
from docgen.shell.applets.support.tool import GNU, flag, missing_operand, on_host, refused, tool
from docgen.shell.process import Process

_MISSING = frozenset({Errno.ENOENT, Errno.ENOTDIR})


class _Remover:
    def __init__(self, p: Process, options: Options) -> None:
        self.p = p
        self.gnu = on_host(p)
        self.recursive = "recursive" in options
        self.force = options.last_of("force", "i", "I", "interactive") == "force"
        self.directories = "dir" in options
        self.verbose = "verbose" in options
        self.one_file_system = "one-file-system" in options
        self.status = 0

    def operand(self, name: str) -> Steps[None]:
        if not self.gnu:
            name = name.rstrip("/") or "/"
        try:
            stat = self.p.view.stat(name, follow=False)
        except FsError as error:
            if self.force and (
                error.errno is Errno.ENOENT or (self.gnu and error.errno in _MISSING)
            ):
                return
            if self.gnu or error.errno is Errno.ENOENT:
                yield from self._failed(name, error)
            else:
                yield from self._complain(f"can't stat '{name}': {error.errno.value}")
            return
        if stat.kind is Kind.DIR and not self.recursive:
            yield from self._plain_directory(name)
        elif stat.kind is Kind.DIR:
            yield from self._tree(name)
        else:
            yield from self._unlink(name)

    def _plain_directory(self, name: str) -> Steps[None]:
        if self.directories:
            yield from self._rmdir(name)
        elif self.gnu:
            yield from self._failed(name, FsError(Errno.EISDIR))
        else:
            yield from self._complain(f"'{name}' is a directory")

    def _tree(self, top: str) -> Steps[None]:
        """Depth first, with a stack of our own. A directory whose content could not be removed
        stays without a further message (GNU); busybox tries it all the same."""
        pending = [(top, False)]
        failed: set[str] = set()
        while pending:
            self.p.kernel.tick()
            path, emptied = pending.pop()
            before = self.status
            if emptied:
                if self.gnu and path in failed:
                    failed.add(path.rpartition("/")[0])
                    continue
                yield from self._rmdir(path)
            elif self.p.view.stat(path, follow=False).kind is not Kind.DIR:
                yield from self._unlink(path)
            else:
                names = yield from self._names(path)
                if names is not None:
                    pending.append((path, True))
                    prefix = path.rstrip("/") + "/"
                    pending += [(prefix + name, False) for name in reversed(names)]
            if self.status != before or path in failed:
                failed.add(path.rpartition("/")[0])
            self.status |= before

    def _names(self, path: str) -> Steps[list[str] | None]:
        try:
            return self.p.view.listdir(path)
        except FsError as error:
            yield from self._failed(path, error)
            return None

    def _rmdir(self, path: str) -> Steps[None]:
        try:
            self.p.view.rmdir(path)
        except FsError as error:
            yield from self._failed(path, error)
            return
        if self.verbose:
            shown = always_shell_quoted(self.p, path)
            yield from self.p.out(f"removed directory {shown}\n")

    def _unlink(self, path: str) -> Steps[None]:
        try:
            self.p.view.unlink(path)
        except FsError as error:
            yield from self._failed(path, error)
            return
        if self.verbose:
            yield from self.p.out(f"removed {always_shell_quoted(self.p, path)}\n")

    def _failed(self, path: str, error: FsError) -> Steps[None]:
        if self.gnu:
            shown = always_shell_quoted(self.p, path)
            yield from self._complain(f"cannot remove {shown}: {error.errno.value}")
        else:
            yield from self._complain(f"can't remove '{path}': {error.errno.value}")

    def _complain(self, message: str) -> Steps[None]:
        self.status = 1
        yield from self.p.complain(message)


def rm(p: Process, options: Options) -> Steps[int]:
    remover = _Remover(p, options)
    if not options.operands:
        if "force" in options:
            return 0
        return (yield from missing_operand(p))
    for name in options.operands:
        last = name.rstrip("/").rpartition("/")[2]
        if last in (".", "..") and (remover.recursive or not remover.gnu):
            yield from _refuse_dot(p, name)
            remover.status = 1
        elif name.strip("/") == "" and remover.recursive and remover.gnu:
            yield from p.complain("it is dangerous to operate recursively on '/'")
            yield from p.complain("use --no-preserve-root to override this failsafe")
            remover.status = 1
        else:
            yield from remover.operand(name)
    return remover.status


def _refuse_dot(p: Process, name: str) -> Steps[None]:
    if on_host(p):
        shown = always_shell_quoted(p, name)
        yield from p.complain(f"refusing to remove '.' or '..' directory: skipping {shown}")
    else:
        yield from p.complain("can't remove '.' or '..'")


_ASKS = "nobody answers here: leave it out"

APPLETS = {
    "rm": tool(
        "rm",
        rm,
        (
            flag("f", "force"),
            flag("rR", "recursive"),
            flag("d", "dir", GNU),
            flag("v", "verbose", GNU),
            flag("", "preserve-root", GNU),
            refused("i", "", _ASKS),
            refused("I", "", _ASKS, GNU),
            Option("", "interactive", Takes.OPTIONAL, GNU, modelled=False, instead=_ASKS),
            refused("", "one-file-system", flavours=GNU),
            refused("", "no-preserve-root", "name what lies below /", GNU),
        ),
    ),
    "unlink": tool("unlink", lambda p, options: _unlink(p, options)),
}


def _unlink(p: Process, options: Options) -> Steps[int]:
    if len(options.operands) != 1:
        return (yield from missing_operand(p))
    try:
        p.view.unlink(options.operands[0])
    except FsError as error:
        if on_host(p):
            shown = always_shell_quoted(p, options.operands[0])
            yield from p.complain(f"cannot unlink {shown}: {error.errno.value}")
        else:
            yield from p.complain(f"can't remove file '{options.operands[0]}': {error.errno.value}")
        return 1
    return 0
