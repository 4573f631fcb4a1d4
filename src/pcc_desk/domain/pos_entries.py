"""What is kept of points of sale. The rules of `domain.entries` hold here as well."""

from dataclasses import dataclass
from typing import ClassVar

from pcc_desk.domain.columns import ColumnMap


@dataclass(frozen=True, slots=True)
class ColumnsSaid:
    """Somebody said what the columns of a kind of report mean. `header` is the hash of its titles."""

    name: ClassVar = "pos.columns_said"
    version: ClassVar = 1
    header: str
    columns: ColumnMap


PosEntry = ColumnsSaid
