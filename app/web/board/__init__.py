"""The board: how far every department is with every table."""
