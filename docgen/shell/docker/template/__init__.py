"""Go's text/template with docker's functions: `parse(format).execute(value)`."""

from docgen.shell.docker.template.evaluate import Template, parse
from docgen.shell.docker.template.failure import TemplateError

__all__ = ["Template", "TemplateError", "parse"]
