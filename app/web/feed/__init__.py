"""Pages of feeds: which there are, how they are defined, what they would write."""
