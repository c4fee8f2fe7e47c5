"""What is stored (存什么): SQLAlchemy tables, the platform's own and those made from the catalogue."""
