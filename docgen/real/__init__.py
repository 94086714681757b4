"""Real Docker Engines on disposable hosts, observed: the other engine."""
