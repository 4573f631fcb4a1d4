"""Whom a limit binds: groups of patients, and whether a patient is in one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Patients of an age in whole years on the day of the sale, both ends included. None: no such end."""

    at_least: int | None
    at_most: int | None
    name: str
    """As the rule file has it: "age 18-20"."""


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """Patients whom a paper or a registry puts into a group: visiting, nonresident, enhanced amount."""

    name: str
    """As the rule file has it."""


Cohort = AgeGroup | NamedGroup


@dataclass(frozen=True, slots=True)
class Belongs:
    """To which groups a patient is known to belong. `age` None: not known."""

    age: int | None = None
    names: frozenset[str] = frozenset()

    def to(self, cohort: Cohort) -> bool | None:
        """Return whether the patient is in a group; None when that cannot be told.

        A named group has only those of whom it is known. Of an unknown age nothing can be told, unless the group is
        named itself.
        """
        if cohort.name in self.names:
            return True
        match cohort:
            case NamedGroup():
                return False
            case AgeGroup(at_least=at_least, at_most=at_most):
                if self.age is None:
                    return None
                return (at_least is None or self.age >= at_least) and (at_most is None or self.age <= at_most)


NOBODY_IN_PARTICULAR = Belongs()
"""A patient of whom no group is known, nor the age."""
