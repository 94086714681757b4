"""What a person types: shell language, processes on virtual time, applets, docker in its own words."""
