"""Where rows and columns lie in pixels, hidden ones left out."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import attrs

HIDDEN = ("hiddenByUser", "hiddenByFilter")


@attrs.frozen(kw_only=True)
class Span:
    """Rows or columns in sight: their indexes and sizes, and the pixels before and after them."""

    before: int
    after: int
    items: tuple[tuple[int, int], ...]


class Axis:
    """The rows, or the columns, of a tab. A place counts from 0 among those that are not hidden.

    Costs nothing for rows that nobody touched, however many they are.
    """

    def __init__(self, count: int, usual: int, sizes: Mapping[int, Mapping[str, Any]]) -> None:
        """Take ``DimensionProperties`` by index; all others have the ``usual`` size."""
        self.usual = usual
        self._hidden = sorted(
            index
            for index, size in sizes.items()
            if index < count and any(size.get(name) for name in HIDDEN)
        )
        self.visible = count - len(self._hidden)
        gone = set(self._hidden)
        odd = {
            self.place(index): int(size["pixelSize"])
            for index, size in sizes.items()
            if index < count and index not in gone and size.get("pixelSize") is not None
        }
        self._odd = sorted(odd)
        self._sizes = odd
        extra = (odd[place] - usual for place in self._odd)
        self._extra = list(accumulate(extra, initial=0))

    def place(self, index: int) -> int:
        """Return how many that are not hidden stand before an index."""
        return index - bisect_left(self._hidden, index)

    def index(self, place: int) -> int:
        """Return the index of what stands at a place."""
        low, high = place, place + len(self._hidden)
        while low < high:
            middle = (low + high) // 2
            if middle + 1 - bisect_right(self._hidden, middle) <= place:
                low = middle + 1
            else:
                high = middle
        return low

    def size(self, place: int) -> int:
        """Return the pixels of what stands at a place."""
        return self._sizes.get(place, self.usual)

    def offset(self, place: int) -> int:
        """Return the pixels before a place."""
        return place * self.usual + self._extra[bisect_left(self._odd, place)]

    def at(self, pixel: int) -> int:
        """Return the place at a pixel; the last one behind the end."""
        low, high = 0, max(0, self.visible - 1)
        while low < high:
            middle = (low + high + 1) // 2
            if self.offset(middle) <= pixel:
                low = middle
            else:
                high = middle - 1
        return low

    def span(self, frozen: int, pixel: int, pixels: int) -> Span:
        """Return the first ``frozen`` ones, and those in sight when scrolled ``pixel`` far."""
        still = min(self.place(frozen), self.visible)
        start = self.offset(still)
        first = max(still, self.at(start + max(0, pixel)))
        last = min(self.visible, self.at(start + max(0, pixel) + pixels) + 1)
        places = [*range(still), *range(first, max(first, last))]
        return Span(
            before=self.offset(first) - start if first < self.visible else 0,
            after=self.offset(self.visible) - self.offset(max(last, first, still)),
            items=tuple((self.index(place), self.size(place)) for place in places),
        )
