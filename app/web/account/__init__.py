"""One's own account: signing in, the password, the sessions."""
