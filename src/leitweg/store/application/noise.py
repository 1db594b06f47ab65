"""How much of the budget of differential privacy was used up? One row per answer with noise."""

from decimal import Decimal

from sqlalchemy import Connection, insert, or_, select

from leitweg.store.application.schema import NOISE_SPENT

Period = tuple[int | None, int | None]
"""From (inclusive) and to (exclusive), microseconds UTC; None is open."""


def epsilons_spent(connection: Connection, construct: str, period: Period) -> list[Decimal]:
    """Return what answers on a construct used up whose periods meet this one."""
    start, end = period
    found = select(NOISE_SPENT.c.epsilon).where(NOISE_SPENT.c.construct == construct)
    if end is not None:
        found = found.where(or_(NOISE_SPENT.c.start_us.is_(None), NOISE_SPENT.c.start_us < end))
    if start is not None:
        found = found.where(or_(NOISE_SPENT.c.end_us.is_(None), NOISE_SPENT.c.end_us > start))
    return [Decimal(text) for text in connection.execute(found).scalars()]


def remember_epsilon(
    connection: Connection, construct: str, period: Period, epsilon: Decimal, at_us: int
) -> None:
    """Remember what an answer uses up, as the decimal that was asked for."""
    start, end = period
    connection.execute(
        insert(NOISE_SPENT).values(
            construct=construct, start_us=start, end_us=end, epsilon=str(epsilon), at_us=at_us
        )
    )
