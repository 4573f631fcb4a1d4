"""Every test of a use case gets a counter of its own."""

import pytest

from tests.desk.counter import Counter


@pytest.fixture
def counter() -> Counter:
    """Return a counter at ten in the morning, with nobody in the queue."""
    return Counter()
