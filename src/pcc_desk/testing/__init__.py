"""What a package that ships an adapter tests it with. Needs pytest and pytest-asyncio, which the desk itself does not.

`docs/adapters.md` says how to write an adapter and how to run these tests against it.
"""

import pytest

pytest.register_assert_rewrite("pcc_desk.testing.state_system")

from pcc_desk.testing.state_system import (  # noqa: E402 - its assertions are rewritten first
    Known,
    Outside,
    StateSystemContract,
    dispensed,
    noon,
)

__all__ = ["Known", "Outside", "StateSystemContract", "dispensed", "noon"]
