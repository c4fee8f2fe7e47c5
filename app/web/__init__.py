"""What people see (界面): pages, JSON endpoints, templates, labels."""
