"""What always holds of holds, over the tables that a desk really has."""

from hypothesis import settings

from pcc_desk.desk.ports import Ledger
from pcc_desk.store.ledger import SqlLedger
from tests.desk.test_holds_always import Holds
from tests.store.stores import JOURNAL_KEY, in_memory


class HoldsInTables(Holds):
    """The same, over a database."""

    def new_ledger(self) -> Ledger:
        """Return an empty ledger over a database that is kept nowhere."""
        self.connection = in_memory()
        return SqlLedger(self.connection, JOURNAL_KEY)

    def teardown(self) -> None:
        """Look once more, and let go of the database."""
        super().teardown()
        self.connection.close()


TestHoldsInTables = HoldsInTables.TestCase
TestHoldsInTables.settings = settings(max_examples=25, stateful_step_count=40)
