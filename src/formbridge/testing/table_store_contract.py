"""The contract of a table store, as ``domain.ports.TableStore`` says."""

import pytest

from formbridge.testing.contract import Contract
from formbridge.testing.table_driver import TableDriver
from formbridge.testing.table_faults import FaultLaws
from formbridge.testing.table_people import PeopleLaws
from formbridge.testing.table_rows import RowLaws
from formbridge.testing.table_versions import VersionLaws


class TableStoreContract(RowLaws, VersionLaws, PeopleLaws, FaultLaws, Contract):
    """Subclass it and override the fixture ``driver``; each test gets an empty place.

    A store that keeps whole files can lend its driver ``GridPerson`` as the person who edits.
    """

    @pytest.fixture
    def driver(self) -> TableDriver:
        """Return the place behind the store under test; a subclass must say which."""
        raise NotImplementedError("override the fixture `driver`")
