"""Tells the outside what bridges do."""
