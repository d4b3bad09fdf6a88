"""Functions that lead outside: links, pictures, and what only the internet knows."""

from collections.abc import Sequence

from formbridge.testing.google.formulas.coercing import (
    Argument,
    Failure,
    scalar,
    text,
)
from formbridge.testing.google.formulas.functions import Setting, function, given


@function("HYPERLINK", 1, 2)
def _hyperlink(arguments: Sequence[Argument], _: Setting) -> Argument:
    return scalar(given(arguments, 1, text(arguments[0])))


@function("IMAGE SPARKLINE", 1, 4)
def _image(_arguments: Sequence[Argument], _: Setting) -> Argument:
    return None


@function("IMPORTXML IMPORTHTML IMPORTDATA IMPORTFEED", 1, 5)
def _import(arguments: Sequence[Argument], _: Setting) -> Argument:
    raise Failure("N_A", f"Could not fetch url: {text(arguments[0])}")


@function("IMPORTRANGE", 2)
def _importrange(_arguments: Sequence[Argument], _: Setting) -> Argument:
    raise Failure("REF", "You don't have permissions to access that sheet.")


@function("GOOGLEFINANCE", 1, 5)
def _googlefinance(arguments: Sequence[Argument], _: Setting) -> Argument:
    raise Failure(
        "N_A",
        "When evaluating GOOGLEFINANCE, the query for the symbol: "
        f"'{text(arguments[0])}' returned no data.",
    )


@function("GOOGLETRANSLATE DETECTLANGUAGE", 1, 3)
def _googletranslate(_arguments: Sequence[Argument], _: Setting) -> Argument:
    raise Failure("N_A", "Could not reach the translation service.")
