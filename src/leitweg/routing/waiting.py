"""What does the router take of the rows of a backlog?"""

from collections.abc import Callable, Sequence

from leitweg.domain.assignments import BacklogRow, Waiting
from leitweg.domain.rosters import Need
from leitweg.domain.routing import Ints, Request
from leitweg.routing.known_staff import StoredId, as_written


def waiting_of(
    rows: Sequence[BacklogRow],
    *,
    at_us: int,
    features: Callable[[str], Ints],
    stored: StoredId = as_written,
    contact_kind: str = "unit",
) -> tuple[Waiting, ...]:
    """Return the requests of a backlog for the router.

    Parameters
    ----------
    rows
        As read.
    at_us
        The time of the assignment.
    features
        The text of a request to its hashed features (`TextFeatures.of`).
    stored
        An id to the one in the workspace; a protected workspace holds pseudonyms.
    contact_kind
        ``unit`` or ``person``: what ``tried`` and ``first`` name.
    """

    def waits(row: BacklogRow) -> Waiting:
        customer = None if row.customer is None else stored("customer", row.customer)
        attributes = dict(row.attributes)
        if customer is not None:
            attributes["customer"] = customer
        request = Request(
            at_us=row.at_us,
            attributes=attributes,
            text=features(row.text) if row.text else None,
            first_contact=row.first_contact and stored(contact_kind, row.first_contact),
            tried=tuple(stored(contact_kind, contact) for contact in row.tried),
        )
        return Waiting(row.case_id, request, Need(at_us, row.language, row.permissions, customer))

    return tuple(waits(row) for row in rows)
