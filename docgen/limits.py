"""What one page may cost. Every limit has its error (`LimitExceeded`); all of them stand here."""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB
TIB: Final = 1024 * GIB

PAGE_BYTES: Final = 256_000
"""A page's source text."""
STEPS: Final = 200
"""Commands of one page."""
CONTAINERS: Final = 50
INODES: Final = 20_000
"""Inodes that exist at one time; shared ones count once."""
LITERAL_BYTES: Final = 64 * MIB
"""Bytes that are held literally, over all files; fills, holes and sealed contents do not count."""
FILE_BYTES: Final = 1 * TIB
"""Apparent size of one file."""
EXTENTS: Final = 16_384
"""Pieces of one file: literal bytes, fills and holes in between."""
DIRECTORY_DEPTH: Final = 256
"""Directories inside directories."""
HASHED_BYTES: Final = 4 * GIB
"""Bytes that go through sha256 in one page."""
SHELL_TICKS: Final = 1_000_000
"""Scheduler turns and loop iterations of one page."""
BYTES_A_TICK: Final = 256
"""Bytes that a program looks at for the price of one tick."""
LINE_BYTES: Final = 1 * MIB
"""A line that a program holds whole."""
SYNTAX_DEPTH: Final = 50
OUTPUT_BYTES: Final = 64_000
"""Output of one step, both streams together."""
VARIABLE_BYTES: Final = 1 * MIB
PIPE_BYTES: Final = 1 * MIB
PROCESSES: Final = 200
"""Processes that live at one time."""
SHAPES: Final = 2_000
"""Shapes of one scene."""
ARCHIVE_BYTES: Final = 64 * MIB
ARCHIVE_RATIO: Final = 100
FRONT_MATTER_BYTES: Final = 8_000
