"""Pages of the notes of the chapters."""
