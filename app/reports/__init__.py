"""What is read (怎么看): queries and snapshots as plain dataclasses; never writes."""
