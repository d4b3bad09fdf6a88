"""What FormBridge takes for granted of Google, each assumption as a trial that can be run.

``bench`` (a spreadsheet to try things in), ``fences`` (metadata and named ranges that refuse a
call), ``columns`` (anchors of columns), ``writing`` (what one call does, in which order),
``adding`` (where new rows go), ``files`` (Drive), ``limits`` (quotas). ``probe`` runs them all.
"""
