"""A small project with one content page and one scenario, as a stranger would have it."""

from __future__ import annotations

from pathlib import Path

CONFIGURATION = """\
site_name: Small
docs_dir: content
theme: {name: material, font: false}
plugins: [search, docgen]
nav:
  - index.md
  - scenarios/keep.md
"""

CONTENT = """\
---
title: Home
---
# Home

See [the scenario](../scenarios/keep.md).

```diagram layers one scenario=keep step=2
```

```diagram layers one scenario=keep
```
"""

SCENARIO = """\
---
title: Keep <it>
summary: What stays & what goes.
drivers: [overlayfs, overlay2]
tags: [volumes]
---
Some *prose*, and back [home](../content/index.md).

```text file="app/note"
first & last

third
```

```console setup
$ docker create --name one -v data:/data busybox sh -c 'echo "<b>" > /data/x; echo; echo end'
[..]
```

```console
$ docker start -a one

end
$ docker rm one
one
```

```diagram layers one
```

```console when="driver=overlay2"
$ docker volume ls -q
data
```

```console norun
$ docker push one
```
"""


def write_project(root: Path) -> Path:
    (root / "content").mkdir()
    (root / "scenarios").mkdir()
    (root / "mkdocs.yml").write_text(CONFIGURATION)
    (root / "content" / "index.md").write_text(CONTENT)
    (root / "scenarios" / "keep.md").write_text(SCENARIO)
    return root
