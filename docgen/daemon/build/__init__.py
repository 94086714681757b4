"""`docker build`: a Dockerfile becomes layers, as BuildKit makes them."""
