"""Who may do what: laws of inheritance, over trees of folders."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.files.file import FOLDER, ROLES, SPREADSHEET, Permission
from formbridge.testing.google.files.ids import permission_id
from formbridge.testing.google.files.scopes import PREFIX

PEOPLE = [Account(email=f"{name}@example.com") for name in ("ann", "bob", "cyd")]
GIVEN = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(PEOPLE),
        st.sampled_from(["reader", "commenter", "writer"]),
    ),
    max_size=8,
)


def fresh() -> Drive:
    """Return a Drive without files."""
    return Drive(ids=Random(1))  # noqa: S311 - ids, no secrets


def tree(parents: list[int], given: list[tuple[int, Account, str]]) -> tuple[Drive, list[str]]:
    """Return folders of the first person, each in an earlier one, with permissions."""
    drive = fresh()
    made: list[str] = []
    for parent in parents:
        into = made[parent % len(made)] if made else ""
        made.append(drive.add_folder("f", owner=PEOPLE[0], now=1, parent=into).id)
    for place, person, role in given:
        permission = Permission(
            id=permission_id(person.email), type="user", role=role, name=person.email
        )
        if person is not PEOPLE[0]:
            drive.permit(made[place % len(made)], permission, now=2)
    return drive, made


def may(drive: Drive, person: Account, file_id: str, *, write: bool) -> bool:
    """Whether somebody may, whatever their token."""
    return drive.may(Grant(account=person), file_id, write=write)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), GIVEN)
def test_rights_grow_on_the_way_down(
    parents: list[int], given: list[tuple[int, Account, str]]
) -> None:
    """Whoever may read or write a folder may do so with all that is in it; writers read."""
    drive, made = tree(parents, given)
    for person in PEOPLE:
        for folder in made:
            for write in (False, True):
                if may(drive, person, folder, write=write):
                    inside = drive.below(drive.all[folder])
                    assert all(may(drive, person, one.id, write=write) for one in inside)
            assert may(drive, person, folder, write=False) or not may(
                drive, person, folder, write=True
            )


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), GIVEN)
def test_the_role_is_the_best_on_the_way_up(
    parents: list[int], given: list[tuple[int, Account, str]]
) -> None:
    """A role is the highest of the permissions on the file and above it, and is listed so."""
    drive, made = tree(parents, given)
    for person in PEOPLE[1:]:
        for folder in made:
            file = drive.all[folder]
            held = [
                one.role
                for above in drive.chain(file)
                for one in above.permissions
                if one.name == person.email
            ]
            best = max(held, key=lambda role: ROLES[role], default="")
            assert drive.role(person.email, file) == best
            listed = [one.role for one, _ in drive.effective(file) if one.name == person.email]
            assert listed == ([best] if best else [])


@given(st.lists(st.integers(0, 5), min_size=2, max_size=6), GIVEN, st.integers(0, 9))
def test_moving_changes_what_is_inherited_alone(
    parents: list[int], given: list[tuple[int, Account, str]], at: int
) -> None:
    """What lies in My Drive again has its own permissions and no others."""
    drive, made = tree(parents, given)
    chosen = made[at % len(made)]
    drive.move(chosen, drive.root(PEOPLE[0]).id, by=PEOPLE[0], now=3)
    file = drive.all[chosen]
    assert {one for one, origin in drive.effective(file) if not origin} == set(file.permissions)
    assert drive.role(PEOPLE[0].email, file) == "owner"


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 9))
def test_trash_goes_down_and_comes_back(parents: list[int], at: int) -> None:
    """All in a trashed folder is trashed and nothing else; restoring it undoes that."""
    drive, made = tree(parents, [])
    chosen = drive.all[made[at % len(made)]]
    inside = {chosen.id, *(one.id for one in drive.below(chosen))}
    drive.trash(chosen.id, by=PEOPLE[0], now=3)
    assert {one for one in made if drive.is_trashed(drive.all[one])} == inside
    drive.restore(chosen.id, now=4)
    assert not any(drive.is_trashed(drive.all[one]) for one in made)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 9))
def test_deleting_takes_what_is_inside(parents: list[int], at: int) -> None:
    """A deleted folder and its owner's files in it are gone, the others stay."""
    drive, made = tree(parents, [])
    chosen = drive.all[made[at % len(made)]]
    below = {one.id for one in drive.below(chosen)}
    gone = set(drive.delete(chosen.id, now=3))
    assert gone == {chosen.id, *below}
    assert set(made) - gone == {one for one in made if one in drive.all}


def test_what_others_own_survives_its_folder() -> None:
    """A file that somebody else put into a deleted folder stays without a folder."""
    ann, bob, _ = PEOPLE
    drive = fresh()
    folder = drive.add_folder("f", owner=ann, now=1)
    theirs = drive.add_spreadsheet("s", owner=bob, now=1, parent=folder.id)
    assert drive.role(ann.email, theirs) == "writer"
    assert list(drive.delete(folder.id, now=2)) == [folder.id]
    assert drive.all[theirs.id].parents == ()
    assert drive.role(ann.email, drive.all[theirs.id]) == ""


def test_a_permission_ends_when_it_says() -> None:
    """An expired permission gives nothing."""
    ann, bob, _ = PEOPLE
    drive = fresh()
    file = drive.add_spreadsheet("s", owner=ann, now=1)
    ends = Permission(id="1", type="user", role="writer", name=bob.email, expires=10)
    drive.permit(file.id, ends, now=2)
    grant = Grant(account=bob)
    assert drive.may(grant, file.id, write=True, now=9)
    assert not drive.may(grant, file.id, write=False, now=10)


def test_scopes_bound_what_an_account_may() -> None:
    """Reading scopes never write, drive.file knows its own files, Sheets' scopes only Sheets."""
    ann = PEOPLE[0]
    drive = fresh()
    mine = drive.add_spreadsheet("a", owner=ann, now=1, client="app")
    other = drive.add_spreadsheet("b", owner=ann, now=1, client="else")

    def can(scope: str, file_id: str, *, write: bool, sheets: bool = False) -> bool:
        grant = Grant(account=ann, client="app", scopes=frozenset({PREFIX + scope}))
        return drive.may(grant, file_id, write=write, sheets=sheets)

    assert can("drive", other.id, write=True)
    assert can("drive.readonly", other.id, write=False)
    assert not can("drive.readonly", other.id, write=True)
    assert can("drive.file", mine.id, write=True)
    assert not can("drive.file", other.id, write=False)
    assert can("spreadsheets", other.id, write=True, sheets=True)
    assert not can("spreadsheets", other.id, write=False)
    assert not can("spreadsheets.readonly", other.id, write=True, sheets=True)


def test_ids_look_like_googles() -> None:
    """Spreadsheets have 44 characters, folders 33, roots 19 that begin with 0A."""
    drive = fresh()
    ann = PEOPLE[0]
    assert len(drive.add(name="s", mime_type=SPREADSHEET, owner=ann, now=1).id) == 44
    assert len(drive.add(name="f", mime_type=FOLDER, owner=ann, now=1).id) == 33
    assert len(drive.add(name="t", mime_type="text/plain", owner=ann, now=1).id) == 33
    root = drive.root(ann)
    assert len(root.id) == 19
    assert root.id.startswith("0A")
    assert root.id.endswith("Uk9PVA")


def test_search_may_lag_behind_names() -> None:
    """What was made or renamed after a time is searched for as it was until then."""
    ann = PEOPLE[0]
    drive = fresh()
    old = drive.add_spreadsheet("old", owner=ann, now=10)
    drive.add_spreadsheet("new", owner=ann, now=30)
    drive.rename(old.id, "renamed", by=ann, now=40)

    def names(until: int | None) -> list[str]:
        seen: list[str] = []
        drive.list(lambda file: bool(seen.append(file.name)) or True, seen_until=until)
        return sorted(seen)

    assert names(5) == ["old"]
    assert names(30) == ["new", "old"]
    assert names(40) == names(None) == ["new", "renamed"]
