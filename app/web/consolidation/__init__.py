"""Pages of the whole college's data."""
