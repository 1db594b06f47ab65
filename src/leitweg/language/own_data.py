"""How a person is told what is stored of him or her, what for, how long, and by which logic."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from leitweg.language.catalogue import translate
from leitweg.language.forms import count, date, date_and_time, moment, number

Row = Mapping[str, object]
_SHOWN = 3
_COUNTED = {
    "events": ("unit", "activity"),
    "messages": ("direction",),
    "routing_journal": ("role",),
}
"""Tables of many rows, of which a text counts the values of some columns."""


def told_text(
    language: str,
    *,
    accounts: Sequence[str],
    made_at: datetime,
    profile: str,
    purposes: Sequence[str],
    days: int,
    months: int,
    tables: Mapping[str, Sequence[Row]],
    by_others: Sequence[Row],
    named_as: Sequence[str],
    rights: Sequence[tuple[str, int, str]],
    zone: str | None = None,
) -> str:
    """Return the text, in paragraphs; days are those of a time zone, UTC where none is named."""
    local = ZoneInfo(zone) if zone else UTC

    def tell(key: str, **values: object) -> str:
        return translate(language, f"own.{key}", **values)

    parts = [tell("title"), tell("whose", accounts=", ".join(accounts))]
    parts.append(tell("made", at=date_and_time(language, made_at)))
    parts.append(_heading(tell("what")))
    parts += [_told_of_table(language, name, rows, local) for name, rows in tables.items()]
    if not tables:
        parts.append(tell("nothing"))
    parts += [tell(f"named_as.{name}") for name in named_as]
    if by_others:
        parts.append(_heading(tell("by_others")))
        parts += [_told_by_others(language, row) for row in by_others]
    parts.append(_heading(tell("purpose")))
    names = [translate(language, f"own.purpose.{purpose}") for purpose in purposes]
    parts.append(tell("purposes", purposes=", ".join(names)) if names else tell("no_purpose"))
    parts += [_heading(tell("logic")), tell(f"logic.{profile}"), tell("logic.no_decision")]
    parts += [_heading(tell("how_long")), tell("retention", days=days, months=months)]
    if rights:
        parts.append(_heading(tell("rights_used")))
        parts += [
            f"- {tell(f'right.{kind}')}: {date(language, at_us)}{f' ({detail})' if detail else ''}"
            for kind, at_us, detail in rights
        ]
    parts += [_heading(tell("rights")), tell("your_rights")]
    parts += [_heading(tell("not_here")), tell("released"), tell("aged")]
    return "\n\n".join(parts)


def _heading(text: str) -> str:
    return f"## {text}"


def _told_of_table(language: str, name: str, rows: Sequence[Row], local: tzinfo) -> str:
    lines = [f"{translate(language, f'own.table.{name}')}: {count(language, 'row', len(rows))}"]
    times = sorted(t for row in rows if isinstance(t := row.get("at_us"), int))
    if times:
        first, last = (date(language, moment(t).astimezone(local)) for t in (times[0], times[-1]))
        lines.append(f"- {translate(language, 'own.between', first=first, last=last)}")
    if name in _COUNTED:
        for column in _COUNTED[name]:
            lines += _most(language, rows, column)
    else:
        lines += [f"- {_in_words(language, row, local)}" for row in rows]
    return "\n".join(lines)


def _most(language: str, rows: Sequence[Row], column: str) -> Iterator[str]:
    counts: dict[object, int] = {}
    for row in rows:
        if row.get(column) is not None:
            counts[row[column]] = counts.get(row[column], 0) + 1
    told = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    for value, n in told[:_SHOWN]:
        shown = _word(language, column, value, UTC)
        yield f"- {translate(language, f'own.column.{column}')} {shown}: {number(language, n, 0)}"
    if len(told) > _SHOWN:
        rest = sum(n for _, n in told[_SHOWN:])
        yield f"- {translate(language, 'own.others')}: {number(language, rest, 0)}"


def _in_words(language: str, row: Row, local: tzinfo) -> str:
    told = [
        f"{translate(language, f'own.column.{name}')} {_word(language, name, value, local)}"
        for name, value in row.items()
        if value is not None
    ]
    return ", ".join(told)


def _word(language: str, column: str, value: object, local: tzinfo) -> str:
    if column.endswith("_us") and isinstance(value, int):
        # an end is the first moment after the last day
        at = value - 1 if column.endswith("to_us") else value
        return date(language, moment(at).astimezone(local))
    if isinstance(value, float):
        return number(language, value, 0 if value.is_integer() else None)
    if column in ("direction", "role") or value == "another person":
        return translate(language, f"own.value.{value}")
    return f"“{value}”" if language == "en" else f"„{value}“"


def _told_by_others(language: str, row: Row) -> str:
    people = row["people"]
    who = (
        translate(language, "own.few_others")
        if not isinstance(people, int)
        else count(language, "person", people)
    )
    if row["relation"] == "manager":
        return f"- {translate(language, 'own.managed', who=who)}"
    what = ", ".join(str(row[name]) for name in ("survey", "wave", "relation") if row.get(name))
    return f"- {translate(language, 'own.named', who=who, what=what)}"
