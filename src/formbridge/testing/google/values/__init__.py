"""The values API: what people type becomes cells, and cells become text.

* ``a1``: which cells a text means. ``filters``: which a ``DataFilter`` means.
* ``typing``: what an entry becomes, by ``locales``, ``numbers`` and ``moments``.
* ``rendering``: how a cell is shown, by ``patterns`` and ``general``.
* ``reading``: a table out of cells. ``writing``: a table into cells.
* ``tables``: where an append begins. ``methods``: the calls.
"""
