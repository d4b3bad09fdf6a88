"""The whole way of a payload: bytes, records, scalars, answers, response."""

from collections.abc import Callable, Mapping, Sequence

import attrs

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Operation, Response, Shape, Status
from formbridge.formats.answers import Found, Section
from formbridge.formats.bodies import TOO_DEEP, Body
from formbridge.formats.containers import Container
from formbridge.formats.depth import DEEPEST, SHALLOW, any_too_deep
from formbridge.formats.repeated import settle
from formbridge.formats.scalars import (
    OPERATIONS,
    STATUSES,
    Moment,
    Word,
    moment_of_record,
)
from formbridge.formats.scope import Scope
from formbridge.formats.shapes import RepeatedQuestion, Shapes


@attrs.frozen(kw_only=True, eq=False)
class Reader:
    """A compiled description. Its state is what it remembers of shapes."""

    body: Body
    container: Container
    form_id: Callable[[Scope], str]
    response_id: Callable[[Scope], str]
    submitted_at: Moment | None
    updated_at: Moment | None
    status: Word
    event: Word
    repeated: str
    sections: Sequence[Section]
    joins: Mapping[str, Callable[[Scope], Mapping[str, object]]]
    shapes: Shapes = attrs.field(factory=Shapes)

    def read(self, envelope: Envelope, source: str = "") -> Sequence[Response]:
        """Return the responses of a payload; raise ``Undecodable``."""
        try:
            return self._responses(envelope, source)
        except RecursionError:
            raise Undecodable("$", "is nested too deeply", TOO_DEEP) from None

    def _responses(self, envelope: Envelope, source: str) -> Sequence[Response]:
        root = self.body.value(envelope)
        found = []
        for record, at in self.container.records(root):
            scope = Scope(envelope, root, record, at, self.joins)
            response = self._response(scope, source)
            if response is not None:
                found.append(response)
        return found

    def _response(self, scope: Scope, source: str) -> Response | None:
        event = self.event.read(scope)
        if event == "ignore":
            return None
        operation = OPERATIONS[event]
        needed = operation is not Operation.DELETE
        form_id, response_id = self.form_id(scope), self.response_id(scope)
        submitted = moment_of_record(self.submitted_at, scope, needed=needed)
        updated = moment_of_record(self.updated_at, scope, needed=needed)
        status = Status.PARTIAL if event == "partial" else STATUSES[self.status.read(scope)]
        found = Found()
        for section in self.sections:
            section(scope, found, needed)
        settle(found, self.repeated)
        if len(scope.envelope.payload) > SHALLOW and any_too_deep(found.values):
            raise Undecodable("$", f"has an answer nested deeper than {DEEPEST} levels", TOO_DEEP)
        return Response(
            form_id,
            response_id,
            submitted,
            updated,
            status,
            operation,
            self._shape(found),
            found.values,  # type: ignore[arg-type]  # what JSON gave
            source,
        )

    def _shape(self, found: Found) -> Shape:
        columns = (tuple(found.ids), tuple(found.titles), tuple(found.kinds))
        shape = self.shapes.known.get(columns)
        if shape is not None:
            return shape
        try:
            return self.shapes.add(columns, *columns)
        except RepeatedQuestion:
            remedy = 'set response.repeated to "last" or "collect" if the backend means that'
            raise Undecodable("$", "has two answers for one question", remedy) from None
