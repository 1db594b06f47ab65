"""What may be asked of a breakdown? At most two attributes, never persons."""

from collections.abc import Mapping, Sequence

from leitweg.domain.breakdown import (
    ATTRIBUTES,
    MEASURES,
    MOST_ATTRIBUTES,
    BreakdownQuestion,
)
from leitweg.domain.errors import QuestionError
from leitweg.situation.contributions import Labelled

PERSONAL = ("person", "people", "account", "name", "manager", "customer", "case", "case_id")
MOST_CHOICES = 12


def asked_breakdown(
    by: Sequence[str], where: Mapping[str, str], of: str, *, per_person: bool
) -> BreakdownQuestion:
    """Return the question, or say what is wrong with it before anything is read.

    Raises
    ------
    QuestionError
        ``breakdown-by-what``, ``person-level``, ``unknown-attribute``, ``attribute-twice``,
        ``too-many-attributes``, ``unknown-measure`` or ``people-per-person``.
    """
    question = BreakdownQuestion(of, tuple(by), tuple(where.items()), per_person)
    if not question.by:
        raise QuestionError(
            f"Say by what to break down: --by with one of {', '.join(ATTRIBUTES)}.",
            code="breakdown-by-what",
            choices=", ".join(ATTRIBUTES),
        )
    for name in question.attributes:
        _check_attribute(name)
    _check_together(question.attributes)
    _check_measure(question)
    return question


def _check_attribute(name: str) -> None:
    if name in PERSONAL:
        raise QuestionError(
            f"A breakdown by {name} would be a list of persons or of what one did; it is not made. "
            f"Choose one of: {', '.join(ATTRIBUTES)}.",
            code="person-level",
            attribute=name,
            choices=", ".join(ATTRIBUTES),
        )
    if name not in ATTRIBUTES:
        raise QuestionError(
            f"'{name}' is no attribute to break down by. Choose one of: {', '.join(ATTRIBUTES)}.",
            code="unknown-attribute",
            attribute=name,
            choices=", ".join(ATTRIBUTES),
        )


def _check_together(names: Sequence[str]) -> None:
    if len(names) > MOST_ATTRIBUTES:
        raise QuestionError(
            f"{len(names)} attributes were named ({', '.join(names)}); a breakdown takes at most "
            f"{MOST_ATTRIBUTES}, --by and --where together: with three, most people stand alone.",
            code="too-many-attributes",
            attributes=", ".join(names),
            n=len(names),
            most=MOST_ATTRIBUTES,
        )
    if len(set(names)) < len(names):
        raise QuestionError(
            f"{names[0]} is named twice; name another attribute, or leave one out.",
            code="attribute-twice",
            attribute=names[0],
        )


def _check_measure(question: BreakdownQuestion) -> None:
    if question.of not in MEASURES:
        raise QuestionError(
            f"'{question.of}' cannot be counted here. Choose --of with one of: "
            f"{', '.join(MEASURES)}.",
            code="unknown-measure",
            of=question.of,
            choices=", ".join(MEASURES),
        )
    if question.per_person and question.of == "people":
        raise QuestionError(
            "People per person are always one; ask --per-person of events, handovers, cases or "
            "working_hours.",
            code="people-per-person",
        )


def check_labels(question: BreakdownQuestion, attributes: Mapping[str, Labelled]) -> None:
    """Refuse an attribute that nothing in the workspace has, and a value that does not occur.

    Raises
    ------
    QuestionError
        ``no-such-attribute`` or ``unknown-value``.
    """
    for name in question.attributes:
        if not attributes[name].names:
            known = ", ".join(a for a in ATTRIBUTES if a in attributes and attributes[a].names)
            raise QuestionError(
                f"Nothing in this workspace has the attribute {name}; import a table that names "
                f"it, or choose another one{': ' + known if known else ''}.",
                code="no-such-attribute",
                attribute=name,
            )
    for name, value in question.where:
        names = attributes[name].names
        if value not in names:
            more = " ..." if len(names) > MOST_CHOICES else ""
            raise QuestionError(
                f"'{value}' is no {name} of this workspace. Choose one of: "
                f"{', '.join(sorted(names)[:MOST_CHOICES])}{more}.",
                code="unknown-value",
                by=name,
                value=value,
                choices=", ".join(sorted(names)[:MOST_CHOICES]) + more,
            )
