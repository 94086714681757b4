"""Images as OCI writes them: layer tar, digests, image config, archives. No daemon."""
