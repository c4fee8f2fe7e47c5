"""What is stored (存什么): the platform's own tables and those made from the catalogue."""
