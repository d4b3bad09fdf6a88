"""Rows and columns that come, go and change places, and everything that follows them."""
