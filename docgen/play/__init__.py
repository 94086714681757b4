"""A scenario played on an engine becomes a recording."""
