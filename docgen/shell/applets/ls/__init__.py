"""ls, in GNU's and in busybox's layout."""

from docgen.shell.applets.ls.program import APPLETS

__all__ = ["APPLETS"]
