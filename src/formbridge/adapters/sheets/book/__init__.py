"""One spreadsheet: what stands in it, and how changes get into it exactly once.

Read in this order: ``cells`` and ``states`` (what stands in a row), ``layout`` and ``fence`` (the
requests that fail when somebody else was there), ``undo`` and ``healing`` (what was written over
comes back), ``loading`` (a spreadsheet as it stands), ``rows``, ``setup``, ``slicing`` and
``batches`` (from changes to requests), ``known`` (what is known in memory), ``pending`` and
``book`` (looking and calling), ``writing``; and over several of them ``snapshot`` and ``parts``.
"""
