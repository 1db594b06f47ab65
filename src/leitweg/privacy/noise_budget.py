"""How much noise is left to ask for? The budget of differential privacy, spent before it is drawn.

Answers with noise can be averaged: each uses up epsilon, and what answers on one construct about
cases of one time use up together stays within the budget. Method:
docs/methods/differential-privacy.md.
"""

from decimal import Decimal, InvalidOperation

from leitweg.domain.errors import QuestionError
from leitweg.store.application import Database
from leitweg.store.application.noise import Period, epsilons_spent, remember_epsilon

BUDGET = Decimal(1)
"""Per construct and period: a person's part in all its answers together is hidden by so much."""
FINEST = Decimal("0.001")


def epsilon_of(text: str | None) -> Decimal | None:
    """Read an epsilon as the exact decimal that was written.

    Raises
    ------
    QuestionError
        ``bad-epsilon`` where it is no number, below 0.001, above the budget or finer than 0.001.
    """
    if text is None:
        return None
    try:
        found = Decimal(text)
        is_fit = found.is_finite() and FINEST <= found <= BUDGET and found % FINEST == 0
    except InvalidOperation:
        is_fit = False
    if not is_fit:
        raise QuestionError(
            f"--epsilon {text} is no budget to spend; write a number from {FINEST} to {BUDGET} "
            "with at most three decimals, such as 0.5.",
            code="bad-epsilon",
            epsilon=text,
            least=str(FINEST),
            most=str(BUDGET),
        )
    return found


def spend(
    database: Database, construct: str, period: Period, epsilon: Decimal, *, now_us: int
) -> Decimal:
    """Use up a part of the budget, or refuse; return what is left of it.

    Reading and writing is one transaction, so that two processes cannot spend the same part. It is
    spent before the noise is drawn: who is interrupted loses it, and nobody gets it twice.

    Raises
    ------
    QuestionError
        ``budget-spent``.
    """
    with database.writing() as connection:
        spent = sum(epsilons_spent(connection, construct, period), Decimal(0))
        left = BUDGET - spent
        if epsilon > left:
            raise QuestionError(
                f"Of the budget of {BUDGET} for this measure and period {left} is left, and "
                f"{epsilon} was asked for. Answers given before stay valid; more of them would "
                "tell of single people. Ask for less, for another period, or without --epsilon.",
                code="budget-spent",
                budget=str(BUDGET),
                left=str(left),
                epsilon=str(epsilon),
            )
        remember_epsilon(connection, construct, period, epsilon, now_us)
    return left - epsilon
