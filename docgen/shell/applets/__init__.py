"""The small programs, one row each in a table, worded as GNU (host) or busybox (containers) words them."""
