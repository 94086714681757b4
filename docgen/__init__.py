"""docgen shows where container data lives, with diagrams that cannot drift from the truth."""

__version__ = "0.1.0"
