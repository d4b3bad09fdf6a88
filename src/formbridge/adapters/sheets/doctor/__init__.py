"""Examines accounts and places, and tries what the tables take for granted of Google.

Read in this order: ``findings``, ``accounts`` and ``places`` (the checks), ``doctor`` (their
order), ``probes`` (the trials), ``probe`` (all of them, in a spreadsheet that is removed).
"""
