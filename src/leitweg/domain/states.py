"""The state a case is in at an event (docs/methods/states.md)."""

from enum import IntEnum


class State(IntEnum):
    """State of a case from this event on; the integers are what the case kernel reads."""

    UNKNOWN = 0
    QUEUED = 1
    WORKING = 2
    WAITING_CUSTOMER = 3
    WAITING_THIRD = 4
    RESOLVED = 5
    CLOSED = 6

    @property
    def label(self) -> str:
        """Lower-case name as in the contract, such as ``waiting_customer``."""
        return self.name.lower()


def state_of(label: str) -> State:
    """Return the state of a label.

    >>> state_of("waiting_customer") is State.WAITING_CUSTOMER
    True
    """
    return State[label.upper()]
