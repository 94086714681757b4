"""find."""

from docgen.shell.applets.find.program import APPLETS

__all__ = ["APPLETS"]
