"""sed."""

from docgen.shell.applets.sed.program import APPLETS

__all__ = ["APPLETS"]
