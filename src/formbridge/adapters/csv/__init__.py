"""Tables as CSV files in a folder, to which people have access too.

Read in this order: ``tables`` (the port), ``staging`` (one table's part of a write), ``side`` (what
is stored beside it), ``loading`` and ``judging`` (opening it again), ``folding`` (what can wait);
under them ``cells``, ``reading``, ``layout``, ``index``, ``names``, ``disk``.
"""

from formbridge.adapters.csv.tables import CsvTables

__all__ = ["CsvTables"]
