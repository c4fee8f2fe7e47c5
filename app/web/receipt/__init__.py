"""Pages of the confirmation sheets."""
