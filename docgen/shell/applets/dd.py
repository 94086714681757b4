"""dd."""

from __future__ import annotations

from docgen.daemon.runner import Stream
from docgen.daemon.waits import Steps
from docgen.fs.content import EMPTY, Content
from docgen.fs.errors import Errno, FsError
from docgen.fs.flags import Open
from docgen.fs.openfile import SEEK_CUR, OpenFile
from docgen.shell.applets.ddjob import Job, block, parse_job, seek_bytes
from docgen.shell.applets.ddreport import report
from docgen.shell.applets.support.inputs import done_with, read_piece
from docgen.shell.applets.support.quoting import always_shell_quoted
from docgen.shell.applets.support.tool import Refusal, on_host, raw_tool
from docgen.shell.process import Process


def dd(p: Process) -> Steps[int]:
    job = parse_job(p)
    source = yield from _open_source(p, job)
    try:
        target = yield from _open_target(p, job)
        try:
            status = yield from _copy(p, job, source, target)
        finally:
            done_with(p, target)
    finally:
        done_with(p, source)
    yield from report(p, job)
    return status


def _open_source(p: Process, job: Job) -> Steps[Stream]:
    if not job.source:
        return p.fds[0]
    try:
        return (yield from p.open(job.source, Open.RDONLY))
    except FsError as error:
        raise Refusal(_cannot_open(p, job.source, error)) from None


def _cannot_open(p: Process, name: str, error: FsError) -> str:
    if on_host(p):
        return f"failed to open {always_shell_quoted(p, name)}: {error.errno.value}"
    return f"can't open '{name}': {error.errno.value}"


def _open_target(p: Process, job: Job) -> Steps[Stream]:
    if not job.target:
        return p.fds[1]
    seek = seek_bytes(job)
    flags = Open.WRONLY
    if not job.has("conv", "nocreat"):
        flags |= Open.CREAT
    if job.has("conv", "excl"):
        flags |= Open.EXCL
    if not job.has("conv", "notrunc") and not seek:
        flags |= Open.TRUNC
    if job.has("oflag", "append"):
        flags |= Open.APPEND
    try:
        target = yield from p.open(job.target, flags, 0o666)
        if isinstance(target, OpenFile) and target.stat().kind == "file":
            if seek and not job.has("conv", "notrunc"):
                target.truncate(seek)
            if seek:
                target.seek(seek)
    except FsError as error:
        raise Refusal(_cannot_open(p, job.target, error)) from None
    return target


def _copy(p: Process, job: Job, source: Stream, target: Stream) -> Steps[int]:
    size_in = block(job, "ibs")
    try:
        left = yield from _skip(p, job, source, size_in)
    except FsError as error:
        return (yield from _cannot_read(p, job, error))
    writer = _Writer(p, job, target)
    while left is None or left > 0:
        p.kernel.tick()
        wanted = size_in if left is None else min(size_in, left)
        many = _at_once(source, wanted, left)
        try:
            piece = yield from _read_block(job, source, many)
        except FsError as error:
            return (yield from _cannot_read(p, job, error))
        if not piece.size:
            break
        if left is not None:
            in_bytes = job.has("iflag", "count_bytes")
            left -= piece.size if in_bytes else -(-piece.size // size_in) * size_in
        job.full_in += piece.size // size_in
        job.part_in += piece.size % size_in > 0
        before = job.copied
        try:
            yield from writer.write(_converted(job, piece, size_in))
        except FsError as error:
            _read_no_further(job, piece, size_in, job.copied - before)
            yield from p.complain(_write_failure(p, job, error))
            return 1
    try:
        yield from writer.flush()
    except FsError as error:
        yield from p.complain(_write_failure(p, job, error))
        return 1
    return 0


def _read_no_further(job: Job, piece: Content, size_in: int, written: int) -> None:
    """Blocks are read many at a time here; real dd stops reading at the one that does not fit."""
    read = min(written // size_in * size_in + size_in, piece.size)
    job.full_in += read // size_in - piece.size // size_in
    job.part_in += (read % size_in > 0) - (piece.size % size_in > 0)


def _skip(p: Process, job: Job, source: Stream, size_in: int) -> Steps[int | None]:
    """Leaves out `skip`; the bytes to copy, None for all (`count` blocks may be short ones)."""
    unit = 1 if job.has("iflag", "skip_bytes") else size_in
    skip = job.numbers.get("skip", 0) * unit
    if skip and isinstance(source, OpenFile) and source.stat().kind == "file":
        too_far = skip > source.stat().size - source.pos
        if too_far and on_host(p) and job.status != "none":
            yield from p.complain(_skipped_too_far(p, job))
        source.seek(skip, SEEK_CUR)
    else:
        while skip > 0:
            piece = yield from read_piece(source, min(skip, size_in))
            if not piece.size:
                yield from p.complain(_skipped_too_far(p, job))
                break
            skip -= piece.size
    count = job.numbers.get("count")
    if count is None:
        return None
    return count * (1 if job.has("iflag", "count_bytes") else size_in)


def _skipped_too_far(p: Process, job: Job) -> str:
    shown = always_shell_quoted(p, job.source or "standard input")
    return f"{shown}: cannot skip to specified offset"


def _at_once(source: Stream, wanted: int, left: int | None) -> int:
    """How much is read in one go: of a file or /dev/zero many blocks, so that a terabyte of zeros
    takes no more turns than a kilobyte."""
    if not isinstance(source, OpenFile) or left is None:
        return wanted if not isinstance(source, OpenFile) else wanted * _file_blocks(source, wanted)
    return max(left, wanted)


def _file_blocks(source: OpenFile, wanted: int) -> int:
    """Without `count`: a file to its end, a device one block at a time."""
    stat = source.stat()
    if stat.kind != "file":
        return max((1 << 20) // wanted, 1)
    return max(-(-(stat.size - source.pos) // wanted), 1)


def _read_block(job: Job, source: Stream, wanted: int) -> Steps[Content]:
    """One read, or with fullblock as many as fill the block."""
    piece = yield from read_piece(source, wanted)
    if not job.has("iflag", "fullblock"):
        return piece
    pieces = [piece]
    have = piece.size
    while piece.size and have < wanted:
        piece = yield from read_piece(source, wanted - have)
        pieces.append(piece)
        have += piece.size
    return pieces[0] if len(pieces) == 1 else Content.join(pieces)


def _converted(job: Job, piece: Content, size_in: int) -> Content:
    if job.has("conv", "sync") and piece.size % size_in:
        piece = piece.append(Content.fill(0, size_in - piece.size % size_in))
    if job.has("conv", "ucase"):
        piece = Content.of(piece.to_bytes().upper())
    if job.has("conv", "lcase"):
        piece = Content.of(piece.to_bytes().lower())
    if job.has("conv", "swab"):
        raw = bytearray(piece.to_bytes())
        even = len(raw) // 2 * 2
        raw[0:even:2], raw[1:even:2] = raw[1:even:2], raw[0:even:2]
        piece = Content.of(bytes(raw))
    return piece


class _Writer:
    """Output blocks: with bs= as they were read, else collected into blocks of obs."""

    def __init__(self, p: Process, job: Job, target: Stream) -> None:
        self.p = p
        self.job = job
        self.target = target
        self.size = block(job, "obs")
        self.held: Content = EMPTY
        self.passes = "bs" in job.numbers

    def write(self, piece: Content) -> Steps[None]:
        if self.passes:
            yield from self._out(piece)
            return
        whole = self.held.append(piece) if self.held.size else piece
        full = whole.size // self.size * self.size
        if full:
            yield from self._out(whole.read(0, full))
        self.held = whole.read(full, whole.size - full)

    def flush(self) -> Steps[None]:
        if self.held.size:
            yield from self._out(self.held)
        job, target = self.job, self.target
        if not job.has("conv", "sparse") or not isinstance(target, OpenFile):
            return
        if target.stat().kind == "file" and target.stat().size < target.pos:
            target.truncate(target.pos)

    def _out(self, piece: Content) -> Steps[None]:
        if not isinstance(self.target, OpenFile):
            yield from self.p.write(1, piece)
            self._count(piece.size)
            return
        if self.job.has("conv", "sparse"):
            self._write_sparse(self.target, piece)
            return
        done = 0
        try:
            while done < piece.size:
                done += self.target.write_some(piece.read(done, piece.size - done))
        except FsError:
            self.job.full_out += done // self.size
            self.job.copied += done
            raise
        self._count(done)

    def _write_sparse(self, target: OpenFile, piece: Content) -> None:
        """Blocks of zeros are skipped over."""
        for at in range(0, piece.size, self.size):
            block = piece.read(at, self.size)
            self.p.kernel.tick()
            if block.same_data(Content.hole(block.size)):
                target.seek(block.size, SEEK_CUR)
            else:
                target.write(block)
            self._count(block.size)

    def _count(self, size: int) -> None:
        self.job.full_out += size // self.size
        self.job.part_out += size % self.size > 0
        self.job.copied += size


def _cannot_read(p: Process, job: Job, error: FsError) -> Steps[int]:
    """busybox dies here without its records."""
    name = job.source or "standard input"
    if on_host(p):
        shown = always_shell_quoted(p, name)
        yield from p.complain(f"error reading {shown}: {error.errno.value}")
        return 1
    raise Refusal(f"{name}: {error.errno.value}")


def _write_failure(p: Process, job: Job, error: FsError) -> str:
    if error.errno is Errno.EPIPE:
        raise error
    name = job.target or "standard output"
    shown = always_shell_quoted(p, name) if on_host(p) else f"'{name}'"
    return f"error writing {shown}: {error.errno.value}"


APPLETS = {"dd": raw_tool("dd", dd)}
