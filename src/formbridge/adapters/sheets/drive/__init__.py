"""Where the spreadsheets are: found, adopted, made and shared in a folder of Google Drive.

Read in this order: ``naming`` (titles and marks), ``registry`` over ``registry_file`` (what is
remembered), ``found`` and ``choosing`` (what a search shows), ``making`` (exactly one file),
``sharing``, ``folders``, ``given`` (what the settings name), ``looking`` (is it still there), and
``locating``, which does all of it for tables.
"""
