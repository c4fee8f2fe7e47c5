"""What is collected (采什么): base tables, fields and code lists as frozen data."""
