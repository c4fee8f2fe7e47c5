"""Handing workbooks out and collecting them."""
