"""Pages of base tables: the list of tables, the grid, the rows, the form of one row, the import."""
