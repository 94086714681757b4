"""Keeping pages true: check and update."""
