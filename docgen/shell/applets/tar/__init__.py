"""tar."""

from docgen.shell.applets.tar.program import APPLETS

__all__ = ["APPLETS"]
