"""The requests of ``spreadsheets.batchUpdate``: a file for each family.

``kinds`` holds the registry and applies a list of requests, all or none.
"""
