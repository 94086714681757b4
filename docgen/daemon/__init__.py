"""What dockerd does: images, containers, volumes, build, lifecycle, prune, disk usage."""
