"""Where does noise come from? From OpenDP alone, which draws it exactly on the integers.

Noise made with floating point tells what it hides (Mironov 2012): none is made here. OpenDP is an
extra; without it everything else works. Method: docs/methods/differential-privacy.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from leitweg.domain.errors import QuestionError

MECHANISM = "discrete Laplace (OpenDP)"
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Drawn:
    """Integers with noise, the scale of the noise, and the epsilon that OpenDP proves of it."""

    values: tuple[int, ...]
    scale: float
    epsilon: float


def opendp() -> Any:
    """Return OpenDP, loaded when it is first asked for.

    Raises
    ------
    QuestionError
        ``extra-missing`` where it is not installed.
    """
    try:
        # an extra of 265 MB: loaded by whom it is asked for
        import opendp.prelude as dp  # noqa: PLC0415
    except ImportError:
        raise QuestionError(
            "--epsilon needs OpenDP, which draws the noise and is not installed. Install the "
            "extra: pip install 'leitweg[dp]'.",
            code="extra-missing",
            extra="dp",
        ) from None
    dp.enable_features("contrib")
    return dp


def with_noise(values: Sequence[int], most_per_person: int, epsilon: Decimal | Fraction) -> Drawn:
    """Return integers with Laplace noise, differentially private for epsilon.

    Parameters
    ----------
    values
        Sums over people, one per cell.
    most_per_person
        By how much one person can change all sums together (the L1 norm).
    epsilon
        What this answer may tell of one person.
    """
    dp = opendp()
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    scale = most_per_person / float(epsilon)
    laplace = dp.m.make_laplace(*space, scale=scale)
    # the scale is a floating number: it must not be the one just below
    while Fraction(laplace.map(most_per_person)) > Fraction(epsilon):
        scale = math.nextafter(scale, math.inf)
        laplace = dp.m.make_laplace(*space, scale=scale)
    drawn = laplace(list(values)) if len(values) else []
    return Drawn(tuple(drawn), scale, laplace.map(most_per_person))


def reach_of_noise(scale: float, confidence: float = CONFIDENCE) -> int:
    """Return how far a value lies from the true one at most, with this confidence."""
    found = opendp().discrete_laplacian_scale_to_accuracy(scale=scale, alpha=1 - confidence)
    return math.ceil(float(found))
