"""cp, mv and install: copying trees with their attributes, hard links and holes."""

from docgen.shell.applets.copy.programs import APPLETS

__all__ = ["APPLETS"]
