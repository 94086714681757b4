"""Files as the kernel keeps them: inodes, content, trees, unions, mounts, POSIX calls.

Knows nothing of Docker.
"""
