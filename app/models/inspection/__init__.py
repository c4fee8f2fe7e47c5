"""Reading the tables of a database that was there before us; nothing is ever changed in it."""
