"""Pages of requests: asking, the queue of who decides, unlocking a year."""
