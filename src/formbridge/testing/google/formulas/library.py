"""Functions that the package ``formulas`` computes: those that need no more than their arguments.

The package is imported when the first of them is asked for; it takes seconds. Functions that make
large arrays, search with patterns or know files are not asked.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from formbridge.testing.google.formulas.coercing import Argument, Block, Failure, block_of
from formbridge.testing.google.formulas.functions import MANY, Function, Setting
from formbridge.testing.google.grid.cell import ErrorValue, Value

WORDS = """
ACCRINT ACOS ACOSH ACOT ACOTH ARABIC ASIN ASINH ATANH AVEDEV AVERAGEA BIN2DEC BIN2HEX BIN2OCT
BITAND BITOR BITXOR CONFIDENCE CORREL COSH COT COTH COVAR CSC CSCH CUMIPMT CUMPRINC DAYS360 DB DDB
DEC2BIN DEC2HEX DEC2OCT DECIMAL DEVSQ DOLLARDE DOLLARFR DURATION EFFECT ERF ERFC FISHER FISHERINV
FIXED FORECAST FV FVSCHEDULE GAMMALN GAUSS GCD GEOMEAN GESTEP HARMEAN HEX2BIN HEX2DEC HEX2OCT
INTERCEPT IPMT IRR ISEVEN ISODD ISPMT KURT LCM MAXA MINA MIRR MODE NOMINAL NORM.DIST NORM.INV
NORMDIST NORMINV NORMSDIST NORMSINV NPER NPV OCT2BIN OCT2DEC OCT2HEX PDURATION PEARSON PERCENTILE
PERCENTILE.EXC PERCENTILE.INC PERCENTRANK PHI PMT PPMT PV QUARTILE QUARTILE.EXC QUARTILE.INC RANK
RANK.AVG RANK.EQ RATE ROMAN RRI RSQ SEC SECH SINH SKEW SKEW.P SLN SLOPE SQRTPI STANDARDIZE STDEV
STDEV.P STDEV.S STDEVA STDEVP STDEVPA STEYX SUMX2MY2 SUMX2PY2 SUMXMY2 SYD TANH TIMEVALUE TREND
TRIMMEAN VAR VAR.P VAR.S VARA VARP VARPA VDB WEEKNUM WORKDAY XIRR XNPV YEARFRAC
"""
NAMES = frozenset(WORDS.split())
KINDS: Mapping[str, str] = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NUM!": "NUM",
    "#NAME?": "NAME",
    "#N/A": "N_A",
}
CELLS = 200_000
"""The most values that are handed over: they are copied."""


def from_library(name: str) -> Function | None:
    """Return a function of the package; None for one that is not asked of it."""
    if name not in NAMES:
        return None
    return Function(name=name, least=0, most=MANY, call=lambda given, _: _called(name, given, _))


def _called(name: str, arguments: Sequence[Argument], _: Setting) -> Argument:
    handed = [_handed(argument) for argument in arguments]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _returned(_functions()[name](*handed))
    except Exception as error:  # whatever a function of a stranger raises, the cell shows an error
        raise Failure("VALUE", f"Function {name} could not be evaluated.") from error


@cache
def _functions() -> Mapping[str, Callable[..., Any]]:
    found = import_module("formulas.functions").get_functions()
    entries = {name: found[name] for name in NAMES}
    return {
        name: entry["function"] if isinstance(entry, dict) else entry
        for name, entry in entries.items()
    }


def _handed(argument: Argument) -> Any:
    numpy = import_module("numpy")
    if isinstance(argument, Block):
        if argument.used * argument.width > CELLS:
            raise Failure("ERROR", "Calculation limit was reached while computing this formula.")
        rows = [[_plain(value) for value in row] for row in argument.rows()]
        array = numpy.empty((max(len(rows), 1), argument.width), dtype=object)
        array[:] = rows or [[_plain(None)] * argument.width]
        return array
    return _plain(argument)


def _plain(value: Value) -> Any:
    if value is None:
        return import_module("schedula").EMPTY
    if isinstance(value, ErrorValue):
        raise Failure(value.type, value.message)
    return value


def _returned(result: Any) -> Argument:
    numpy = import_module("numpy")
    array = numpy.asarray(result, dtype=object)
    if array.size == 1:
        return _value(array.reshape(-1)[0])
    rows = array.reshape(array.shape[0], -1).tolist()
    return block_of([[_value(item) for item in row] for row in rows])


def _value(item: Any) -> Value:
    if str(item) in KINDS:
        return ErrorValue(KINDS[str(item)])
    if isinstance(item, bool) or type(item).__name__ in {"bool", "bool_"}:
        return bool(item)
    if isinstance(item, str):
        return str(item)
    found = float(item)
    return found if found - found == 0 else ErrorValue("NUM")
