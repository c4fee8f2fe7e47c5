"""Conditions that the college writes about its rows, read as data and never run as code."""
