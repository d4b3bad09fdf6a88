"""The log in one SQLite file, for real work on one machine; the standard library only.

Read it in this order: ``errors`` and ``database`` (one file, opened safely), ``headers`` and
``topics`` (what a log looks like inside), ``publisher`` and ``reader``; ``processes``,
``membership`` and ``consumer`` (who reads what, across processes); ``groups``; ``broker``, which
makes all of them; and ``ledger``, a file of its own. What is stored is fixed in
``docs/reference/stored.md``.
"""
