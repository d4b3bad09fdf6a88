"""What questions are called, from files that people keep: CSV, JSON or TOML.

Read in this order: ``csv_file``, ``json_file`` and ``toml_file`` (text → entries), ``mapping_file``
(a path → entries, and whether it changed), ``catalog`` (all files together, read again when one
changes). What an entry may hold stands in ``domain.mapping_entries``. ``layered`` puts one catalog
over another, whichever they are.
"""
