"""What the suite of table stores needs: the place behind a store, and a person who edits there."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from enum import Enum
from typing import Protocol

import attrs

from formbridge.domain.arrivals import arrival_of
from formbridge.domain.cells import Cell
from formbridge.domain.identity import TableKey
from formbridge.domain.plan_upsert import plan_upsert
from formbridge.domain.ports import TableStore
from formbridge.domain.questions import FormMapping
from formbridge.domain.responses import Response
from formbridge.domain.tables import RESPONSE_ID, Changes, Refused, Stale, WriteOutcome
from formbridge.testing.builders import a_delivery

Grid = list[list[object]]
"""What a person sees: the headers, then the rows. A blank cell is None."""


class Fault(Enum):
    """What can go wrong in the place behind a store."""

    THROTTLED = "somebody else holds it, or it takes no more for now"
    BROKEN = "every call of its own SDK fails"
    TIMED_OUT = "the next write lands, and then its call fails"


class Person(Protocol):
    """One who edits one table, by a way around the store; columns are named by their headers."""

    @abstractmethod
    def rename(self, header: str, to: str) -> None:
        """Give a column another header."""

    @abstractmethod
    def move_column(self, header: str, to: int) -> None:
        """Take a column out and put it in at another place, counted from 0."""

    @abstractmethod
    def insert_column(self, header: str, at: int) -> None:
        """Put in a column of their own."""

    @abstractmethod
    def delete_column(self, header: str) -> None:
        """Take a column away."""

    @abstractmethod
    def sort(self, header: str, *, descending: bool = False) -> None:
        """Sort the rows by a column."""

    @abstractmethod
    def insert_row(self, cells: Mapping[str, str], at: int) -> None:
        """Put in a row of their own, with these cells by header; 0 is just under the headers."""

    @abstractmethod
    def copy_row(self, response_id: str) -> None:
        """Put a copy of a row at the end."""

    @abstractmethod
    def delete_row(self, response_id: str) -> None:
        """Take a row away."""

    @abstractmethod
    def type(self, response_id: str, header: str, text: str) -> None:
        """Type into a cell."""


class TableDriver(Protocol):
    """The place behind the store under test. Each test gets an empty one."""

    @abstractmethod
    def open(self) -> TableStore:
        """Return a store over the same place as before; a second call is a restart."""

    @abstractmethod
    def read(self, table: TableKey) -> Grid:
        """Return the table by a way around the store; an empty list if there is none."""

    @abstractmethod
    def person(self, table: TableKey) -> Person:
        """Return somebody who edits the table."""

    @abstractmethod
    def shown(self, cell: Cell) -> object:
        """Return what ``read`` gives for a cell with this value."""

    @abstractmethod
    def fault(self, fault: Fault) -> AbstractContextManager[None]:
        """Let something go wrong while the context lasts."""


@attrs.define(eq=False)
class GridPerson(Person):
    """A person who opens a whole table, changes it and saves it: how a file is edited.

    ``load`` returns the lines as they stand, ``save`` puts changed ones in their place.
    """

    load: Callable[[], list[list[str]]]
    save: Callable[[list[list[str]]], None]

    def rename(self, header: str, to: str) -> None:
        """Give a column another header."""
        lines = self.load()
        lines[0][lines[0].index(header)] = to
        self.save(lines)

    def move_column(self, header: str, to: int) -> None:
        """Take a column out and put it in at another place."""
        lines = self.load()
        place = lines[0].index(header)
        for line in lines:
            line.insert(to, line.pop(place))
        self.save(lines)

    def insert_column(self, header: str, at: int) -> None:
        """Put in a column of their own."""
        lines = self.load()
        for number, line in enumerate(lines):
            line.insert(at, "" if number else header)
        self.save(lines)

    def delete_column(self, header: str) -> None:
        """Take a column away."""
        lines = self.load()
        place = lines[0].index(header)
        self.save([line[:place] + line[place + 1 :] for line in lines])

    def sort(self, header: str, *, descending: bool = False) -> None:
        """Sort the rows by a column."""
        head, *rows = self.load()
        place = head.index(header)
        rows.sort(key=lambda row: row[place], reverse=descending)
        self.save([head, *rows])

    def insert_row(self, cells: Mapping[str, str], at: int) -> None:
        """Put in a row of their own."""
        head, *rows = self.load()
        rows.insert(at, [cells.get(header, "") for header in head])
        self.save([head, *rows])

    def copy_row(self, response_id: str) -> None:
        """Put a copy of a row at the end."""
        lines = self.load()
        self.save([*lines, list(lines[_row(lines, response_id)])])

    def delete_row(self, response_id: str) -> None:
        """Take a row away."""
        lines = self.load()
        del lines[_row(lines, response_id)]
        self.save(lines)

    def type(self, response_id: str, header: str, text: str) -> None:
        """Type into a cell."""
        lines = self.load()
        lines[_row(lines, response_id)][lines[0].index(header)] = text
        self.save(lines)


def _row(lines: list[list[str]], response_id: str) -> int:
    place = lines[0].index(RESPONSE_ID)
    return [line[place] for line in lines].index(response_id)


@attrs.define(eq=False)
class Desk:
    """A store at work in a test: takes responses as a sink does, and looks at what came of it."""

    driver: TableDriver
    store: TableStore
    table: TableKey
    offset: int = 0
    refused: dict[str, str] = attrs.field(factory=dict)

    @classmethod
    def of(cls, driver: TableDriver, form_id: str = "form") -> "Desk":
        """Return a desk with a fresh store."""
        return cls(driver, driver.open(), TableKey(form_id=form_id))

    def restart(self, *, close: bool = True) -> None:
        """Take a new store over the same place."""
        if close:
            self.store.close()
        self.store = self.driver.open()

    def plan(
        self, *responses: Response, mapping: FormMapping | None = None, offset: int | None = None
    ) -> Changes:
        """Return what these responses change, the first of them from this offset of the log."""
        begin = self.offset if offset is None else offset
        arrivals = [
            arrival_of(response, a_delivery(offset=begin + number))
            for number, response in enumerate(responses)
        ]
        return plan_upsert(self.store.open(self.table), arrivals, mapping=mapping)

    def write(self, *responses: Response, mapping: FormMapping | None = None) -> WriteOutcome:
        """Plan and write; plan again when somebody was faster or rows were refused."""
        outcome: WriteOutcome = Stale()
        waiting = responses
        for _ in range(3):
            changes = self.plan(*waiting, mapping=mapping)
            outcome = self.store.write({self.table: changes})[self.table]
            if isinstance(outcome, Refused):
                self.refused.update(outcome.reasons)
                waiting = tuple(each for each in waiting if each.response_id not in self.refused)
            elif not isinstance(outcome, Stale):
                break
        self.offset += len(responses)
        return outcome

    def read(self) -> Grid:
        """Return the table as a person sees it when everything is quiet."""
        self.store.tidy()
        return self.driver.read(self.table)

    def rows(self) -> dict[object, dict[object, object]]:
        """Return the rows by response id, each by header."""
        grid = self.read()
        rows = [dict(zip(grid[0], row, strict=True)) for row in grid[1:]]
        return {row[RESPONSE_ID]: row for row in rows}

    @property
    def person(self) -> Person:
        """Somebody who edits the table, when everything is quiet."""
        self.store.tidy()
        return self.driver.person(self.table)
