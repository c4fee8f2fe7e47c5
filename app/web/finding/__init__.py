"""The findings of a year: the list, what is done in it, waived rules, and table 11.1."""
