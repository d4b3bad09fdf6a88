"""A spreadsheet as it stands. Pure: no clock, no chance, no I/O.

``cell`` (what stands in one), ``rows`` (many of them, copied only where they change), ``ranges``
(which part is meant), ``sheet`` (a tab), ``book`` (a spreadsheet).
"""
