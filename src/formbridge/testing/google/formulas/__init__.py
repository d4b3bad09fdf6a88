"""What formulas give. ``Results`` is all that others need.

``tokens`` (a formula's words), ``references`` (cells in a formula, and how they move), ``parsing``
(words become a tree), ``evaluating`` (a tree becomes a value), ``functions`` (Google's functions
that are simple), ``library`` (the rest, from the package ``formulas``), ``results`` (values of
cells, remembered as long as the spreadsheet stays as it is).
"""

from formbridge.testing.google.formulas.results import Results

__all__ = ["Results"]
