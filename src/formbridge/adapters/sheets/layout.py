"""Where the columns of the tab stand, and the requests that fail if they stand elsewhere.

Every column of the tab carries one entry of developer metadata, its anchor: one of ours says which
column it is (``c0``, ``c1``, …), one of a person's says nothing. Google moves an entry with its
column and deletes it with it ([developer metadata][1]), wherever people take the column.

[1]: https://developers.google.com/workspace/sheets/api/guides/metadata
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from formbridge.domain.tables import MANAGED, Column

Json = dict[str, Any]

KEY = "formbridge"
OURS = 778_000
"""The anchor of our column n has this id and n."""
THEIRS = 790_000
"""Anchors of people's columns have ids from here on."""

STATE, RESPONSE_ID, SUBMITTED_AT, UPDATED_AT = range(4)
FIRST_QUESTION = 4
"""Our columns are numbered in the order in which they were added; these come first."""
MOST_COLUMNS = 2_000
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
                requests.append(anchoring(then.anchor, spot.number, self.sheet, place))
        return requests

    def anchoring(self) -> list[Json]:
        """Return requests that give every column its anchor for the first time."""
        return [
            anchoring(spot.anchor, spot.number, self.sheet, place)
            for place, spot in enumerate(self.fenced().spots)
            if spot.anchor is not None
        ]

    def fenced(self) -> "Layout":
        """Return this layout as it stands after its fence: every column has an anchor."""
        free = max([THEIRS, *(spot.anchor + 1 for spot in self.spots if spot.anchor)])
        spots: list[Spot] = []
        for spot in self.spots:
            anchored = spot
            if spot.anchor is None and len(spots) < MOST_COLUMNS:
                anchored, free = attrs.evolve(spot, anchor=free), free + 1
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


def anchoring(anchor: int, number: int, sheet: int, place: int) -> Json:
    """Return the request that anchors a column."""
    entry = {
        "metadataId": anchor,
        "metadataKey": KEY,
        "visibility": "DOCUMENT",
        "location": location(sheet, place),
    }
    if number >= 0:
        entry["metadataValue"] = f"c{number}"
    return {"createDeveloperMetadata": {"developerMetadata": entry}}


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
    header = str(cell.get("formattedValue", ""))
    for entry in metadata.get("developerMetadata", ()):
        if entry.get("metadataKey") == KEY:
            value = str(entry.get("metadataValue", ""))
            number = int(value[1:]) if value[:1] == "c" and value[1:].isdecimal() else -1
            return Spot(header=header, anchor=entry["metadataId"], number=number)
    return Spot(header=header)


def _once(spots: Sequence[Spot]) -> list[Spot]:
    """Let a number stand at one column only, the first; a second one is a person's."""
    seen: set[int] = set()
    result: list[Spot] = []
    for spot in spots:
        twice = spot.number >= 0 and spot.number in seen
        result.append(attrs.evolve(spot, number=-1) if twice else spot)
        seen.add(spot.number)
    return result
