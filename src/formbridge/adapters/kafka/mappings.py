"""What the records of a topic say of questions, taken one after the other. No I/O."""

from collections.abc import Mapping
from typing import NamedTuple

import attrs

from formbridge.adapters.kafka.mapping_records import questions_in
from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.records import Delivery

NANOSECONDS = 1_000
"""In a microsecond: mapping files have versions in nanoseconds, and both may label one table."""
WITHIN_A_MILLISECOND = 1_000_000
"""Nanoseconds, which Kafka's times leave open: offsets order the records in between."""


class _Place(NamedTuple):
    """Where the record stands that counts."""

    time: int
    partition: int
    offset: int

    def follows(self, other: "_Place") -> bool:
        """Whether this record was written later than the other one."""
        if self.partition == other.partition:  # times may be a producer's; a topic made anew
            return self.offset > other.offset or self.time > other.time  # begins again at 0
        return self > other


@attrs.define(eq=False)
class SharedMappings:
    """The mappings of all forms, by the records taken so far; the latest of a form counts.

    In one partition that is the one behind. In two partitions, where a producer with another
    partitioner has put it, it is the one that the log took later: so it is the same in every
    process, in whichever order partitions are read. A mapping's version is that time in
    nanoseconds, so it orders changes across restarts, processes, and mapping files.
    """

    known: dict[str, FormMapping] = attrs.field(factory=dict)
    version: int = 0
    _places: dict[str, _Place] = attrs.field(factory=dict)

    def take(self, delivery: Delivery) -> None:
        """Take a record; raise ``BadMapping`` or ``NewerVersion`` and keep what was known."""
        form_id, questions = questions_in(delivery)
        place = _Place(delivery.time, delivery.partition, delivery.offset)
        before = self._places.get(form_id)
        if before is None or place.follows(before):
            self._places[form_id] = place
            self._replace(form_id, questions, place)

    def _replace(
        self, form_id: str, questions: Mapping[str, Question] | None, place: _Place
    ) -> None:
        mapping = self.known.get(form_id)
        before = None if mapping is None else mapping.questions
        if _written(before) == _written(questions):
            return  # nothing is relabelled because somebody published it once more
        self.version += 1
        if questions is None:
            del self.known[form_id]
            return
        at = place.time * NANOSECONDS + place.offset % WITHIN_A_MILLISECOND
        version = max(at, mapping.version + 1) if mapping else at
        self.known[form_id] = FormMapping(form_id=form_id, questions=questions, version=version)


def _written(questions: Mapping[str, Question] | None) -> list[Question] | None:
    """Return the questions as they were written, whose order counts where they name none."""
    return None if questions is None else list(questions.values())
