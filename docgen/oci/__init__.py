"""Images as OCI writes them: canonical layer tar, digests, image config, archives. Knows nothing of the daemon."""
