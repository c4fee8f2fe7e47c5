"""Teachers' own data, and their records as the department goes through them."""
