"""Pages of the collection years."""
