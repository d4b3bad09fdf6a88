"""Which member of a group reads which partitions, for the brokers that have no coordinator."""

from collections.abc import Mapping, Sequence


def assign(
    members: Sequence[str], partitions: Sequence[int], held: Mapping[int, str]
) -> dict[int, str]:
    """Return the member of each partition: shares differ by one at most, and few partitions move.

    ``held`` says who has a partition now; a member keeps what it has up to its fair share. The
    result depends on the arguments alone, so that every member computes the same.
    """
    if not members:
        return {}
    order = sorted(members)
    share, extra = divmod(len(partitions), len(order))
    kept: dict[str, list[int]] = {member: [] for member in order}
    for partition in sorted(partitions):
        owner = held.get(partition)
        if owner in kept:
            kept[owner].append(partition)
    by_size = sorted(order, key=lambda member: (-len(kept[member]), member))
    room = {member: share + (rank < extra) for rank, member in enumerate(by_size)}
    result = {p: member for member in order for p in kept[member][: room[member]]}
    free = iter([p for p in sorted(partitions) if p not in result])
    for member in order:
        for _ in range(room[member] - len(kept[member][: room[member]])):
            result[next(free)] = member
    return result
