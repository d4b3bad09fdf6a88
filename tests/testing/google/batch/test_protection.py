"""Requests about protected ranges, and what others see of them."""

from random import Random

import pytest

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.answers.spreadsheet import spreadsheet_body
from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.messages import Body
from tests.testing.google.oracle import violations

ONE, OTHER = "one@example.com", "other@example.com"
SQUARE = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}


@pytest.fixture
def book() -> Book:
    """Return a spreadsheet."""
    return fresh_book("id", "title")


def apply(book: Book, *requests: Body, by: str = ONE) -> list[Body]:
    """Apply requests of somebody."""
    scene = Scene(grant=Grant(account=Account(email=by)), ids=Random(1), now=0)  # noqa: S311 - no secrets
    return apply_all(book, requests, scene)


def protect(**more: object) -> Body:
    """Return a request that protects."""
    return {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0} | SQUARE} | more}}


def shown(book: Book, *, to: str = ONE, may_edit: bool = True) -> list[Body]:
    """Return the protected ranges as somebody sees them."""
    body = spreadsheet_body(book, Grant(account=Account(email=to)), may_edit=may_edit)
    assert violations(body, "Spreadsheet", api="sheets.v4") == []
    ranges: list[Body] = body["sheets"][0].get("protectedRanges", [])
    return ranges


def test_the_reply_does_not_yet_name_the_editors(book: Book) -> None:
    """They are those that the request named; who protects is one of them afterwards."""
    empty = {"users": [], "groups": []}
    [reply] = apply(book, protect(protectedRangeId=5, description=None, editors=empty))
    body = {"protectedRangeId": 5, "range": SQUARE, "requestingUserCanEdit": True, "editors": {}}
    assert reply == {"addProtectedRange": {"protectedRange": body}}
    assert list(reply["addProtectedRange"]["protectedRange"]) == list(body)
    assert shown(book) == [body | {"editors": {"users": [ONE]}}]


def test_a_warning_lets_everybody_edit_who_may_write(book: Book) -> None:
    """Readers may not, and do not see the editors."""
    apply(book, protect(protectedRangeId=5, warningOnly=True, editors=None))
    [seen] = shown(book, to=OTHER)
    assert (seen["warningOnly"], seen["requestingUserCanEdit"]) == (True, True)
    [seen] = shown(book, to=OTHER, may_edit=False)
    assert "requestingUserCanEdit" not in seen
    assert "editors" not in seen


def test_who_is_no_editor_sees_neither_editors_nor_a_right(book: Book) -> None:
    """False is left out."""
    apply(book, protect(protectedRangeId=5))
    assert shown(book, to=OTHER) == [{"protectedRangeId": 5, "range": SQUARE}]


def test_whose_file_it_is_can_always_edit(book: Book) -> None:
    """Whoever protects it, and whichever editors are named."""
    robot = Grant(account=Account(email="robot@example.com"))
    scene = Scene(grant=robot, ids=Random(1), now=0, owner=ONE)  # noqa: S311 - no secrets
    apply_all(book, [protect(editors={"users": [OTHER]})], scene)
    [seen] = shown(book, to=ONE)
    assert seen["requestingUserCanEdit"] is True
    assert seen["editors"]["users"] == [OTHER, ONE, "robot@example.com"]


def test_who_is_no_editor_may_not_lift_the_protection(book: Book) -> None:
    """Neither by deleting nor by changing it."""
    apply(book, protect(protectedRangeId=5))
    update = {
        "protectedRange": {"protectedRangeId": 5, "warningOnly": True},
        "fields": "warningOnly",
    }
    for request in (
        {"deleteProtectedRange": {"protectedRangeId": 5}},
        {"updateProtectedRange": update},
    ):
        with pytest.raises(ApiError, match="protected cell or object"):
            apply(book, request, by=OTHER)


def test_a_protection_is_updated_as_far_as_the_mask_says(book: Book) -> None:
    """Editors, words and the range, each alone."""
    apply(book, protect(protectedRangeId=5, description="mine"))
    update = {
        "protectedRange": {"protectedRangeId": 5, "editors": {"users": [OTHER]}},
        "fields": "editors",
    }
    apply(book, {"updateProtectedRange": update})
    [seen] = shown(book)
    assert (seen["description"], seen["editors"]) == ("mine", {"users": [OTHER, ONE]})
    update = {"protectedRange": {"protectedRangeId": 5, "range": {}}, "fields": "range,description"}
    apply(book, {"updateProtectedRange": update})
    [seen] = shown(book)
    assert "description" not in seen
    assert seen["range"] == {}


def test_a_protected_tab_may_have_holes_and_a_protected_range_may_not(book: Book) -> None:
    """As Google documents it."""
    apply(book, protect(range={"sheetId": 0}, unprotectedRanges=[SQUARE]))
    assert shown(book)[0]["unprotectedRanges"] == [SQUARE]
    with pytest.raises(ApiError, match="only supported on protected sheets"):
        apply(book, protect(unprotectedRanges=[SQUARE]))


def test_a_named_range_is_protected_by_its_id(book: Book) -> None:
    """Both its id and its cells are shown; it moves with the name."""
    named = {"namedRangeId": "7", "name": "N", "range": SQUARE}
    apply(book, {"addNamedRange": {"namedRange": named}})
    apply(book, protect(range=None, namedRangeId="7"))
    [seen] = shown(book)
    assert (seen["namedRangeId"], seen["range"]) == ("7", SQUARE)
    row = {"startRowIndex": 3, "endRowIndex": 4}
    update = {"namedRange": {"namedRangeId": "7", "range": row}, "fields": "range"}
    apply(book, {"updateNamedRange": update})
    assert shown(book)[0]["range"] == row


def test_a_protection_is_deleted_by_its_id(book: Book) -> None:
    """The reply is empty."""
    apply(book, protect(protectedRangeId=5))
    assert apply(book, {"deleteProtectedRange": {"protectedRangeId": 5}}) == [{}]
    assert shown(book) == []


@pytest.mark.parametrize(
    "request_",
    [
        {"addProtectedRange": {}},
        {"deleteProtectedRange": {}},
        {"deleteProtectedRange": {"protectedRangeId": 9}},
        {"updateProtectedRange": {}},
        {"updateProtectedRange": {"protectedRange": {"protectedRangeId": 5}, "fields": ""}},
        {"updateProtectedRange": {"protectedRange": {"protectedRangeId": 5}, "fields": "nothing"}},
        protect(namedRangeId="7"),
        protect(range=None, namedRangeId="7"),
        protect(range=None, tableId="7"),
        protect(range={"sheetId": 9}),
        protect(protectedRangeId=5),
    ],
)
def test_requests_that_cannot_be_done_are_refused(book: Book, request_: Body) -> None:
    """Whatever is missing: the answer is a 400, and never an error of ours."""
    apply(book, protect(protectedRangeId=5))
    with pytest.raises(ApiError) as refused:
        apply(book, request_)
    assert refused.value.code == 400
