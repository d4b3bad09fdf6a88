"""Two answers for one question: refused, unless the description says what the backend means."""

from formbridge.formats.answers import Found

REPEATED = ("refuse", "last", "collect")


def settle(found: Found, repeated: str) -> None:
    """Leave one answer per question: the last one, or a list of all of them in order."""
    if repeated == "refuse" or len(set(found.ids)) == len(found.ids):
        return  # a repetition that is refused is found where a new shape is built
    ids, titles, kinds, values = found.ids, found.titles, found.kinds, found.values
    found.ids, found.titles, found.kinds, found.values = [], [], [], []
    place: dict[str, int] = {}
    for index, key in enumerate(ids):
        if key not in place:
            place[key] = len(found.ids)
            found.add(key, titles[index], kinds[index], values[index])
        elif repeated == "last":
            found.values[place[key]] = values[index]
    if repeated == "collect":
        for key, where in place.items():
            all_of_it = [value for other, value in zip(ids, values, strict=True) if other == key]
            if len(all_of_it) > 1:
                found.values[where] = all_of_it
