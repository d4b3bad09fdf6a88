"""What a check found, in a sentence for people: fine, wrong with what to do, or not tried."""

from enum import StrEnum

import attrs


class Outcome(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAIL = "fail"
    SKIPPED = "skipped"


@attrs.frozen(kw_only=True)
class Finding:
    """One line of a doctor's report. No answer is in it.

    ``lasting`` is false for what goes by itself, such as a server that does not answer.
    """

    check: str
    outcome: Outcome
    says: str
    remedy: str = ""
    lasting: bool = True
    account: str = ""

    def __str__(self) -> str:
        """Say it in a line: what was found, and what to do."""
        return f"{self.says}; {self.remedy}" if self.remedy else self.says


@attrs.frozen
class Verdict:
    """What a check says of itself: it becomes a ``Finding`` when the check has a name."""

    outcome: Outcome
    says: str
    remedy: str = ""
    lasting: bool = True

    def named(self, check: str, account: str) -> Finding:
        """Return it as a line of the report."""
        return Finding(
            check=check,
            outcome=self.outcome,
            says=self.says,
            remedy=self.remedy,
            lasting=self.lasting,
            account=account,
        )


def ok(says: str) -> Verdict:
    """Return that something is as it should be."""
    return Verdict(Outcome.OK, says)


def fail(says: str, remedy: str = "", *, lasting: bool = True) -> Verdict:
    """Return what is wrong, and what a person can do."""
    return Verdict(Outcome.FAIL, says, remedy, lasting)


def skipped(says: str) -> Verdict:
    """Return why something was not tried."""
    return Verdict(Outcome.SKIPPED, says)
