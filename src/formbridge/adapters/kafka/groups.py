"""The places of groups in a topic of the cluster."""

from collections.abc import Callable

from formbridge.adapters.kafka.places import Places
from formbridge.domain.errors import BadInput
from formbridge.domain.ports import Groups
from formbridge.domain.records import Offsets


class KafkaGroups(Groups):
    """Where the groups of a topic stand. Opens a client for each call: nothing is to be closed."""

    def __init__(self, places: Callable[[str], Places]) -> None:
        """Change the commits of groups through the places that ``places`` opens for each."""
        self._places = places

    def reset(self, group: str, /, *, to: str | int) -> Offsets:
        """Commit for the group; the cluster itself refuses it while there are members."""
        if not isinstance(to, int) and to not in {"beginning", "end"}:
            raise BadInput(f"a group is reset to 'beginning', 'end' or microseconds, not to {to!r}")
        places = self._places(group)
        try:
            partitions = places.partitions()
            if isinstance(to, int):
                offsets = places.at(partitions, to)
            else:
                offsets = (places.ends if to == "end" else places.beginnings)(partitions)
            places.commit(offsets)
        finally:
            places.close()
        return offsets
