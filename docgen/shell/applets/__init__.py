"""The programs, one row each in a table, in the words of GNU (host) or busybox (containers)."""
