"""Storage drivers: two families and a table of their differences, layouts on disk, size rules."""
