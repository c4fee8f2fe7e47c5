"""Pages of the assignments and of the departments."""
