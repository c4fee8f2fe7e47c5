"""Notices: what one is told, and when people are reminded."""
