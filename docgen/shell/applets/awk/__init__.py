"""awk: mawk on the host, busybox's in containers."""

from docgen.shell.applets.awk.program import APPLETS

__all__ = ["APPLETS"]
