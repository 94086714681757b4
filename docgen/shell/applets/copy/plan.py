"""What a copy preserves and how it treats what is there."""

from __future__ import annotations

from docgen.frozen import frozen


@frozen
class Plan:
    """The options of cp and mv, after they were read."""

    gnu: bool
    recursive: bool = False
    follow: str = "always"
    """`always`, `operands`, `never`: which symlinks are copied as what they point to."""
    mode: bool = False
    owner: bool = False
    times: bool = False
    links: bool = False
    """Hard links among the sources stay hard links."""
    xattrs: bool = False
    force: bool = False
    no_clobber: bool = False
    update: bool = False
    as_link: str = ""
    """`hard` or `symbolic`: make links in place of copies."""
    verbose: bool = False
    attributes_only: bool = False
    remove_destination: bool = False
    one_file_system: bool = False
    moving: bool = False
    """For mv across file systems: errors are worded as mv words them."""
