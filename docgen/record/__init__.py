"""What was seen: snapshot, change, recording, their JSON, comparison. Not how it came about."""
