"""From the text of a description to a format, with every mistake in it named."""

import tomllib
from collections.abc import Callable, Mapping, Sequence

from formbridge.formats.answers import Section, section_in
from formbridge.formats.bodies import body_in
from formbridge.formats.containers import container_in
from formbridge.formats.format import Format
from formbridge.formats.joins import join_in
from formbridge.formats.places import Place, Table
from formbridge.formats.reader import Reader
from formbridge.formats.repeated import REPEATED
from formbridge.formats.rules import rules_in
from formbridge.formats.scalars import EVENTS, STATUSES, id_reader, moment_in, word_in
from formbridge.formats.scope import Scope
from formbridge.formats.shortcuts import shortest

_ID_REMEDY = "say where it stands in the payload, as a source"


def compile_text(text: str, *, file: str) -> Format:
    """Return the format that a description says; raise ``BadDescription`` for a mistake in it."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        remedy = "correct it there, or start from one that `formbridge formats show` prints"
        raise Place(file=file).wrong(f"is not TOML: {error}", remedy) from error
    joins = values.get("joins")
    names = frozenset(joins) if isinstance(joins, dict) else frozenset()
    place = Place(file=file, joins=names)
    table = Table(values, place)
    name = place.at("name").expect(table.need("name", "give the format a name"), str)
    table.one("about", str, "")
    reader = _reader(table)
    table.done()
    return Format(
        name=name,
        headers=tuple(sorted(place.headers)),
        read=shortest(reader, values),
        split=lambda envelope: reader.container.split(envelope, reader.body),
    )


def _reader(table: Table) -> Reader:
    body_table, response = table.table("body"), table.table("response")
    body = body_in(body_table)
    container = container_in(body_table, body)
    body_table.done()
    statuses = response.get("status")
    reader = Reader(
        body=body,
        container=container,
        form_id=id_reader(response.need("form_id", _ID_REMEDY), response.at("form_id")),
        response_id=id_reader(response.need("response_id", _ID_REMEDY), response.at("response_id")),
        submitted_at=moment_in(response.get("submitted_at"), response.at("submitted_at")),
        updated_at=moment_in(response.get("updated_at"), response.at("updated_at")),
        status=word_in(statuses, response.at("status"), known=tuple(STATUSES), default="complete"),
        event=word_in(response.get("event"), response.at("event"), known=EVENTS, default="upsert"),
        repeated=response.choice("repeated", REPEATED, "refuse"),
        joins=_joins(table.table("joins")),
        sections=_sections(table),
    )
    response.done()
    return reader


def _joins(table: Table) -> Mapping[str, Callable[[Scope], Mapping[str, object]]]:
    return {name: join_in(table.table(name)) for name in table.values}


def _sections(table: Table) -> Sequence[Section]:
    rules = rules_in(table.table("types"))
    values = table.need("answers", "add [[answers]] with the path of the answers (each = ...)")
    place = table.at("answers")
    if not isinstance(values, list):
        raise place.wrong("is no list of sections", "write it with two brackets: [[answers]]")
    return [
        section_in(Table(place.at(index).expect(value, dict), place.at(index)), rules)
        for index, value in enumerate(values)
    ]
