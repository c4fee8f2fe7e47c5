"""Pages of adopted tables: the grid, the list for phones, the form of one row."""
