"""The methods of ``sheets.spreadsheets``: get, create, ``batchUpdate``, metadata."""
