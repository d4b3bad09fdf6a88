"""Google Sheets: tables that people may edit, by gspread and google-auth.

Read in this order, first what talks to Google: ``settings`` and ``sharees`` (what may be said),
``credentials`` (who calls), ``failures``, ``reasons`` and ``errors`` (what may become of a call),
``budget`` (how many calls there are), ``wire`` (one account's connection), ``client`` (the calls).
"""
