"""sed -i: a new file in the old one's place."""

from __future__ import annotations

from hashlib import sha256

from docgen.daemon.waits import Steps
from docgen.fs.errors import Errno, FsError
from docgen.fs.filesystem import Stat
from docgen.fs.flags import Open
from docgen.fs.nodes import Kind
from docgen.shell.applets.sed.execute import Execution
from docgen.shell.applets.sed.files import Files
from docgen.shell.applets.sed.script import Script
from docgen.shell.applets.support.output import Out
from docgen.shell.applets.support.tool import Refusal, on_host
from docgen.shell.process import Process


def separately(
    p: Process, script: Script, silent: bool, names: list[str], end: bytes
) -> Steps[int]:
    """-s: every file has lines from 1 and a last line of its own."""
    status = 0
    for name in names:
        files = Files(p, [name], end)
        yield from files.create(script.files)
        status = (yield from Execution(files, script, silent).run()) or status
        yield from files.finish()
        status = files.status or status
    return status


def edit_all(
    p: Process, script: Script, silent: bool, names: list[str], suffix: str, end: bytes
) -> Steps[int]:
    if not names:
        raise Refusal("no input files")
    status = 0
    for name in names:
        status = (yield from _edit(p, script, silent, name, suffix, end)) or status
    return status


def _edit(
    p: Process, script: Script, silent: bool, name: str, suffix: str, end: bytes
) -> Steps[int]:
    """Writes a new file beside the old one and renames it over it, as both seds do."""
    gnu = on_host(p)
    try:
        stat = p.view.stat(name)
    except FsError as error:
        what = f"can't read {name}" if gnu else name
        yield from p.complain(f"{what}: {error.errno.value}")
        return 2 if gnu else 1
    if stat.kind is not Kind.FILE and gnu:
        yield from p.complain(f"couldn't edit {name}: not a regular file")
        return 4
    temporary = _temporary(p, name)
    try:
        stream = p.view.open(temporary, Open.RDWR | Open.CREAT | Open.EXCL, 0o600)
    except FsError as error:
        if gnu:
            text = f"couldn't open temporary file {temporary}: {error.errno.value}"
            raise Refusal(text, 4) from None
        raise Refusal(f"can't create temp file '{name}XXXXXX': {error.errno.value}") from None
    files = Files(p, [name], end)
    number = p.fds.add(stream, 10)
    files.out = Out(p, number)
    yield from files.create(script.files)
    quits = yield from Execution(files, script, silent).run()
    yield from files.finish()
    p.fds.close(number)
    _inherit(p, temporary, stat)
    if suffix:
        p.view.rename(name, _backup(name, suffix))
    try:
        p.view.rename(temporary, name)
    except FsError as error:
        if gnu:
            p.view.unlink(temporary)
            raise Refusal(f"cannot rename {temporary}: {error.errno.value}", 4) from None
        raise Refusal(f"can't move '{temporary}' to '{name}': {error.errno.value}") from None
    return quits


def _inherit(p: Process, path: str, stat: Stat) -> None:
    """Owner and mode of the file that is replaced."""
    try:
        p.view.chown(path, stat.uid, stat.gid)
    except FsError as error:
        if error.errno is not Errno.EPERM:
            raise
    p.view.chmod(path, stat.mode)


def _backup(name: str, suffix: str) -> str:
    directory, slash, base = name.rpartition("/")
    if "*" in suffix:
        return directory + slash + suffix.replace("*", base)
    return name + suffix


def _temporary(p: Process, name: str) -> str:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    digest = sha256(f"sed {p.pid} {name}".encode()).digest()
    unique = "".join(letters[byte % len(letters)] for byte in digest[:6])
    if not on_host(p):
        return name + unique
    directory, slash, _ = name.rpartition("/")
    return f"{directory}{slash}sed{unique}" if slash else f"./sed{unique}"
