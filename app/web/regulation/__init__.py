"""Pages of the regulation and of questions about tables."""
