"""Google Sheets: tables that people may edit, by gspread and google-auth.

``settings`` (with ``sharees`` and ``options``) is what may be said, ``tables`` the store, and
``opening`` puts it together. Behind them are rooms, in the order in which they may import each
other: ``calls`` (what talks to Google), ``drive`` (where the spreadsheets are), ``book`` (one
spreadsheet, written exactly once), ``questions`` (what questions are called), and ``doctor``
(whether all of it can work here).
"""
