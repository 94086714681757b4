"""The docker command line: registry of commands and flags, formats, and Docker's own words."""
