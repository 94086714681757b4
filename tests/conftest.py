"""Shared by all rooms. Its place makes modules of this directory importable from the tests."""
