"""grep, egrep, fgrep, rgrep."""

from docgen.shell.applets.grep.program import APPLETS

__all__ = ["APPLETS"]
