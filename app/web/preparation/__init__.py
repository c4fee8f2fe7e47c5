"""Pages of how a collection year is prepared."""
