"""Quotas: what is answered to one call too many. Comes last, as it uses a minute's reads up."""

from gspread import urls
from gspread.exceptions import APIError

from formbridge.adapters.sheets.calls.wire import Ask
from formbridge.adapters.sheets.doctor.findings import Verdict
from formbridge.adapters.sheets.doctor.probes.bench import Bench, Trial, held, untried

MORE = 20
"""Reads beyond the allowance, before it is given up to provoke a refusal."""
TOO_MANY = 429


def too_many(bench: Bench) -> Verdict:
    """Read until Google refuses, and look whether it says when to come again."""
    wire = bench.client.wires[0]
    url = urls.SPREADSHEET_URL % bench.book
    most = wire.reads.per_minute + MORE
    ask = Ask(kind="probe", what="a trial", verb="get", url=url, params={"fields": "spreadsheetId"})
    for number in range(most):
        try:
            wire.call(ask)
        except APIError as error:
            return _told(error, number)
    return untried(f"no quota refused {most} reads in a row")


def _told(error: APIError, number: int) -> Verdict:
    if error.response.status_code != TOO_MANY:
        return untried(f"a read was refused otherwise ({error.response.status_code})")
    said = error.response.headers.get("Retry-After")
    wait = f"says to wait {said} s" if said else "does not say for how long"
    return held(f"the read after {number} others is refused with 429, which {wait}; both will do")


TRIALS = (Trial("429", too_many),)
