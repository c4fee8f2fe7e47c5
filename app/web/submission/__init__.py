"""Pages of the submissions: the list, one submission, its steps."""
