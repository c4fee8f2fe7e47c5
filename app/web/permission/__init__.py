"""Pages of roles and what they may do."""
