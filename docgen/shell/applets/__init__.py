"""The programs, one row each in a table, in the words of GNU (host) or busybox (containers)."""

from docgen.shell.applets.table import APPLETS

__all__ = ["APPLETS"]
