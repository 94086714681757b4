"""What a person types: the shell language, processes on virtual time, applets, docker."""
