"""Co-operation requests between departments: the list, one request, asking (第十条第三款)."""
