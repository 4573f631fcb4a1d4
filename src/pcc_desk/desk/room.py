"""Room on the disk: with little, people are warned; with too little, nothing new is handed over."""

from dataclasses import dataclass

LEAST = 1_000_000_000
TIMES_THE_STORE = 3
TOO_LITTLE = 200_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """What is free, in bytes. What was begun is finished in any case: notes, posts, the day's comparison."""

    free_bytes: int
    store_bytes: int = 0
    too_little: int = TOO_LITTLE

    @property
    def wanted_bytes(self) -> int:
        """What should be free."""
        return max(LEAST, TIMES_THE_STORE * self.store_bytes)

    @property
    def is_low(self) -> bool:
        """Whether somebody should make room."""
        return self.free_bytes < self.wanted_bytes

    @property
    def is_too_little(self) -> bool:
        """Whether nothing new may be dispensed."""
        return self.free_bytes < self.too_little


PLENTY = Room(10**12)


@dataclass(frozen=True, slots=True)
class NoRoom:
    """The disk has too little room left to begin a dispensing."""

    room: Room


def room_words(room: Room) -> str:
    """Return how much is free, in words."""
    return f"{room.free_bytes / 1e9:.1f} GB" if room.free_bytes >= LEAST else f"{room.free_bytes // 1_000_000} MB"
