"""The decision: a table as it stands, and responses that arrive → what must change in it.

A response is taken if its revision is later than that of its row; the row is then replaced
(upsert), added to (merge) or removed (delete). Applying the same responses again changes nothing,
and upserts and deletes may come in any order.
"""

from collections.abc import Sequence

from formbridge.domain.arrivals import Arrival
from formbridge.domain.drafting import Drafting
from formbridge.domain.labels import ColumnPlan, plan_columns
from formbridge.domain.layouts import Layouts, layout_of
from formbridge.domain.questions import FormMapping
from formbridge.domain.responses import Operation, Shape
from formbridge.domain.tables import Changes, Snapshot


def plan_upsert(
    snapshot: Snapshot,
    arrivals: Sequence[Arrival],
    *,
    mapping: FormMapping | None = None,
    layouts: Layouts | None = None,
) -> Changes:
    """Decide what these arrivals change in the table.

    Without any it decides what the mapping changes: the relabelling that is due.
    """
    layouts = Layouts() if layouts is None else layouts
    layouts.fit(snapshot.columns, mapping)
    shapes = {arrival.shape for arrival in arrivals}
    plan = ColumnPlan(columns=snapshot.columns)
    if not shapes or any(shape.titled or shape not in layouts.by_shape for shape in shapes):
        plan = plan_columns(snapshot, _seen(arrivals), mapping)
        layouts.fit(plan.columns, mapping)
        for shape in shapes - layouts.by_shape.keys():
            layouts.by_shape[shape] = layout_of(plan.columns, shape)
    drafting = Drafting(snapshot, layouts)
    drafting.take(arrivals)
    return drafting.changes(plan)


def _seen(arrivals: Sequence[Arrival]) -> dict[Shape, int]:
    """Return the shapes in the order of their first response, with their latest edit."""
    seen: dict[Shape, int] = {}
    for arrival in arrivals:
        if arrival.operation is not Operation.DELETE:
            seen[arrival.shape] = max(arrival.revision.edited_at, seen.get(arrival.shape, 0))
    return seen
