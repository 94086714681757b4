"""Links between pages, which must work on the site and in the repository's own browser alike.

In the repository a content page lies in `content/` and a scenario in `scenarios/`, side by side; on
the site the scenarios lie below the content's root. Authors write what works in the repository.
"""

from __future__ import annotations

import posixpath
import re

_TARGET = re.compile(r"\]\((?P<path>[^()\s#?:]+\.md)(?P<rest>[#?][^()\s]*)?\)")


def for_site(markdown: str, source: str, content: str = "content") -> str:
    """Rewrites relative links to pages. `source` is the page's path in the repository."""
    here = posixpath.dirname(source)

    def rewrite(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(here, found["path"]))
        start = _on_site(here, content)
        path = posixpath.relpath(_on_site(target, content), start or ".")
        return f"]({path}{found['rest'] or ''})"

    return _TARGET.sub(rewrite, markdown)


def _on_site(path: str, content: str) -> str:
    """Where a path of the repository lies on the site."""
    return "" if path == content else path.removeprefix(f"{content}/")
