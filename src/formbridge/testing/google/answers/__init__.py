"""A spreadsheet as the API shows it, and which fields of it.

``masks`` (which fields), ``spreadsheet`` (the whole), ``properties`` (of it and of its tabs),
``objects`` (what lies on a tab), ``grid`` and ``cells`` (its data), ``formats`` (how a cell looks),
``printing`` (what JSON leaves out), ``creation`` (a spreadsheet from its JSON), ``methods``.
"""
