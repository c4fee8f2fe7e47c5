"""Pages of people, their appointments and their logins."""
