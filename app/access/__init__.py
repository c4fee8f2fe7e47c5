"""Who may do what (谁可以做): policies, row scopes and masks; decisions only."""
