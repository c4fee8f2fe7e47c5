"""Pages of the quality rules: the list, one rule, and the form by which one is written."""
