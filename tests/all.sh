#!/bin/sh
# Everything that must hold before a change lands; each part says what it does. Called by `./dev test`.
# DOCGEN_REQUIRE=1 turns "skipped, because something is missing" into "failed".
set -eu
echo "== format, lint, types, rooms"
ruff format --check --quiet .
ruff check --quiet .
mypy --no-error-summary
lint-imports --no-cache >/tmp/docgen-lint-imports.$$ 2>&1 || { cat /tmp/docgen-lint-imports.$$; rm -f /tmp/docgen-lint-imports.$$; exit 1; }
rm -f /tmp/docgen-lint-imports.$$
echo "== pages: promised output, drawings, recordings, links"
docgen check
echo "== tests"
exec pytest -q -n "${DOCGEN_WORKERS:-2}" "$@"
