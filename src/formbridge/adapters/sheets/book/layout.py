"""Where the columns of the tab stand, and the requests that fail if they stand elsewhere.

Our columns carry an entry of developer metadata that says which one it is (``c0``, ``c1``, …) and
is made once. Besides, every column has an anchor, people's too: an entry that each write deletes
and makes anew. Google moves an entry with its column and deletes it with it
([developer metadata][1]), wherever people take the column.

An anchor that is gone fails no write. So if a person deletes a column of ours and inserts another
one in its very place, the write that follows goes there. Its answer tells, since no anchor was
deleted; and the column that took the anchor has no entry that says which it is, so whoever reads
the layout next sees it as well, and ``healing`` puts it right.

[1]: https://developers.google.com/workspace/sheets/api/guides/metadata
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from formbridge.domain.tables import MANAGED, Column

Json = dict[str, Any]

KEY, ANCHOR_KEY = "formbridge", "fb"
NAMES = 778_000
"""The entry that says which column it is has this id and the column's number."""
OURS, THEIRS = 782_000, 790_000
"""The anchor of our column n has the first id and n; people's columns have ids from the second."""

STATE, RESPONSE_ID, SUBMITTED_AT, UPDATED_AT = range(4)
FIRST_QUESTION = 4
"""Our columns are numbered in the order in which they were added; these come first."""
MOST_COLUMNS = 1_500
"""Anchored columns: beyond, the 30,000 characters of metadata that a tab may have run out."""
STATE_HEADER = "FormBridge"
MANAGED_HEADERS: Mapping[int, str] = {STATE: STATE_HEADER} | dict(enumerate(MANAGED, 1))


@attrs.frozen(kw_only=True)
class Spot:
    """A column of the grid as it stands: ``number`` is -1 in people's columns, ``anchor`` an id."""

    header: str = ""
    anchor: int | None = None
    number: int = -1


@attrs.frozen(kw_only=True)
class Layout:
    """The columns of one tab, from left to right; ``sheet`` is the tab's id, ``title`` its name."""

    sheet: int
    title: str
    spots: tuple[Spot, ...]
    _places: Mapping[int, int] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Note where our columns stand; of a copied column the first is ours."""
        places: dict[int, int] = {}
        for place, spot in enumerate(self.spots):
            if spot.number >= 0:
                places.setdefault(spot.number, place)
        object.__setattr__(self, "_places", places)

    def place(self, number: int) -> int:
        """Return where our column of this number stands, or -1 if a person deleted it."""
        return self._places.get(number, -1)

    @property
    def width(self) -> int:
        """How many columns the grid has."""
        return len(self.spots)

    @property
    def foreign_headers(self) -> list[str]:
        """Headers of the columns that people added."""
        return [spot.header for spot in self.spots if spot.number < 0 and spot.header]

    def columns(self, records: Mapping[int, Column]) -> dict[int, Column]:
        """Return our question columns that are there, by number, with their headers."""
        found: dict[int, Column] = {}
        for number in sorted(records):
            place = self.place(number)
            if place >= 0:
                found[number] = attrs.evolve(records[number], header=self.spots[place].header)
        return found

    def fence(self) -> list[Json]:
        """Return requests that fail if any column is not where it stands in this layout.

        Each deletes an anchor if it is at its place, and makes it anew there: an id that is in use,
        since the anchor is elsewhere, is refused by Google, and so is a place beyond the grid; and
        with it everything in the same call. A column without an anchor gets one.
        """
        requests: list[Json] = []
        for place, (spot, then) in enumerate(zip(self.spots, self.fenced().spots, strict=True)):
            if then.anchor is not None:
                if spot.anchor is not None:
                    requests.append(_delete(spot.anchor, location(self.sheet, place)))
                requests.append(entry(then.anchor, ANCHOR_KEY, self.sheet, place))
        return requests

    @property
    def anchors(self) -> set[int]:
        """The anchors of our columns, which a fence deletes if they are still ours."""
        return {spot.anchor for spot in self.spots if spot.number >= 0 and spot.anchor is not None}

    @property
    def strays(self) -> dict[int, int]:
        """Places of people's columns that have taken the anchor of one of ours, by its number."""
        return {
            spot.anchor - OURS: place
            for place, spot in enumerate(self.spots)
            if spot.number < 0 and spot.anchor is not None and OURS <= spot.anchor < THEIRS
        }

    def anchoring(self) -> list[Json]:
        """Return requests that name and anchor every column for the first time."""
        requests: list[Json] = []
        for place, spot in enumerate(self.fenced().spots):
            if spot.number >= 0:
                requests.append(naming(spot.number, self.sheet, place))
            if spot.anchor is not None:
                requests.append(entry(spot.anchor, ANCHOR_KEY, self.sheet, place))
        return requests

    def fenced(self) -> "Layout":
        """Return this layout as it stands after its fence: every column has an anchor."""
        free = max([THEIRS, *(spot.anchor + 1 for spot in self.spots if spot.anchor)])
        spots: list[Spot] = []
        for spot in self.spots:
            anchored = spot
            if spot.anchor is None and len(spots) < MOST_COLUMNS:
                anchor, free = (free, free + 1) if spot.number < 0 else (OURS + spot.number, free)
                anchored = attrs.evolve(spot, anchor=anchor)
            spots.append(anchored)
        return attrs.evolve(self, spots=tuple(spots))

    def extended(self, columns: Mapping[int, Column]) -> "Layout":
        """Return this layout with these columns of ours on its right."""
        added = tuple(
            Spot(header=column.header, anchor=OURS + number, number=number)
            for number, column in columns.items()
        )
        return attrs.evolve(self, spots=self.spots + added)


def location(sheet: int, place: int) -> Json:
    """Return where the metadata of a column belongs."""
    span = {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    return {"dimensionRange": span}


def naming(number: int, sheet: int, place: int) -> Json:
    """Return the request that says which of our columns it is."""
    return entry(NAMES + number, KEY, sheet, place, value=f"c{number}")


def entry(number: int, key: str, sheet: int, place: int, *, value: str = "") -> Json:
    """Return the request that gives a column an entry of metadata; an id in use is refused."""
    made = {
        "metadataId": number,
        "metadataKey": key,
        "visibility": "DOCUMENT",
        "location": location(sheet, place),
    }
    if value:
        made["metadataValue"] = value
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def freed(number: int) -> Json:
    """Return the request that deletes an entry wherever it is."""
    lookup = {"developerMetadataLookup": {"metadataId": number}}
    return {"deleteDeveloperMetadata": {"dataFilter": lookup}}


def _delete(anchor: int, where: Json) -> Json:
    lookup = {
        "metadataId": anchor,
        "metadataLocation": where,
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def read_layout(sheet: int, title: str, width: int, data: Json) -> Layout:
    """Return the layout that a grid's first row and column metadata say, as the API gave them."""
    metadata: Sequence[Json] = data.get("columnMetadata", ())
    rows: Sequence[Json] = data.get("rowData", ())
    values: Sequence[Json] = rows[0].get("values", ()) if rows else ()
    spots = [
        _spot(
            metadata[place] if place < len(metadata) else {},
            values[place] if place < len(values) else {},
        )
        for place in range(width)
    ]
    return Layout(sheet=sheet, title=title, spots=tuple(_once(spots)))


def _spot(metadata: Json, cell: Json) -> Spot:
    number, anchor = -1, None
    for each in metadata.get("developerMetadata", ()):
        value = str(each.get("metadataValue", ""))
        if each.get("metadataKey") == ANCHOR_KEY:
            anchor = each["metadataId"]
        elif each.get("metadataKey") == KEY and value[:1] == "c" and value[1:].isdecimal():
            number = int(value[1:])
    return Spot(header=str(cell.get("formattedValue", "")), anchor=anchor, number=number)


def _once(spots: Sequence[Spot]) -> list[Spot]:
    """Let a number stand at one column only, the first; a second one is a person's."""
    seen: set[int] = set()
    result: list[Spot] = []
    for spot in spots:
        twice = spot.number >= 0 and spot.number in seen
        result.append(attrs.evolve(spot, number=-1) if twice else spot)
        seen.add(spot.number)
    return result
