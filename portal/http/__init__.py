"""The portal over HTTP: every use case and view at a path of its own, refusals as problems."""
