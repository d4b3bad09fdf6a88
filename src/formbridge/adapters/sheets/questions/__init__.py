"""What questions are called, from a tab that people keep in each spreadsheet.

Read in this order: ``question_tab`` (what its rows say), ``question_rows`` (rows that we add),
``question_book`` (the calls), ``catalog``, and ``offering``, which tells it of new questions.
"""
