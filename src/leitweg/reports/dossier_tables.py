"""The tables of the dossier that are read off: state, purposes, open points, record, fingerprint.

Each function takes the place in the text (with what was written for it), the facts and the single
words of the language, and returns blocks.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from leitweg.domain.access import PURPOSES, PurposeState
from leitweg.domain.document import Block, Bullets, DataTable, Paragraph, Remark, Run, Runs
from leitweg.domain.dossier import Change, DossierFacts, TableFact
from leitweg.language import forms
from leitweg.language.dossier_texts import Place, runs_of


@dataclass(frozen=True)
class Telling:
    """What every table needs to be told: the facts, the language, its words and values."""

    facts: DossierFacts
    language: str
    words: Mapping[str, str]
    values: Mapping[str, str]

    def word(self, name: str, /, **values: object) -> str:
        """Return a word with values filled in."""
        return self.words[name].format(**values) if values else self.words[name]

    def date(self, at_us: int | None) -> str:
        """Write the day of a time."""
        return forms.date(self.language, at_us)

    def runs(self, text: str) -> Runs:
        """Read the marks of a written cell and fill in values."""
        return runs_of(text, self.values)


Builder = Callable[[Place, Telling], tuple[Block, ...]]


def plain(text: str) -> Runs:
    """Return text that holds no marks, such as what people entered."""
    return (Run(text),)


def table_of(place: Place, rows: Iterable[tuple[Runs, ...]]) -> DataTable:
    """Return a table with the head that was written for it."""
    return DataTable(place.columns, tuple(rows), place.widths)


def written_rows(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Return a table that was written whole, apart from the key of each row."""
    rows = (tuple(telling.runs(c) for c in cells) for cells in (place.rows or {}).values())
    return (table_of(place, rows),)


def keyed_rows(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Return a table that was written whole, with the key of each row as its first cell."""
    rows = (
        (plain(key), *(telling.runs(cell) for cell in cells))
        for key, cells in (place.rows or {}).items()
    )
    return (table_of(place, rows),)


def state_rows(telling: Telling) -> tuple[tuple[str, str], ...]:
    """Return what stands on the title page and at the beginning."""
    facts, word = telling.facts, telling.word
    files = forms.count(telling.language, "file", facts.files)
    on = [word(p.purpose) for p in facts.purposes if p.is_on]
    return (
        (word("made_at"), forms.date_and_time(telling.language, forms.moment(facts.made_at_us))),
        (word("version"), facts.version),
        (word("workspace"), f"{facts.workspace} ({word(facts.state, files=files)})"),
        (word("profile"), word(facts.profile)),
        (word("purposes_on"), ", ".join(on) or word("none")),
        (word("fingerprint"), facts.fingerprint),
    )


def state(_: Place, telling: Telling) -> tuple[Block, ...]:
    """Say what this dossier describes."""
    rows = tuple((plain(name), plain(value)) for name, value in state_rows(telling))
    return (DataTable((), rows, (1, 3)),)


def open_warning(_: Place, telling: Telling) -> tuple[Block, ...]:
    """Warn of a workspace in which nothing is protected."""
    if telling.facts.profile != "open":
        return ()
    return (Remark(telling.runs(telling.word("open_warning"))),)


def changes(_: Place, telling: Telling) -> tuple[Block, ...]:
    """Say what changed since the last dossier of this workspace."""
    facts = telling.facts
    if facts.previous_us is None:
        first = "first_planned" if facts.state == "planned" else "first_dossier"
        return (Paragraph(plain(telling.word(first))),)
    day = telling.date(facts.previous_us)
    if not facts.changes:
        return (Paragraph(plain(telling.word("nothing_changed", date=day))),)
    told = tuple(plain(told_change(change, telling.words)) for change in facts.changes)
    return (Paragraph(plain(telling.word("changed_since", date=day))), Bullets(told))


def told_change(change: Change, words: Mapping[str, str]) -> str:
    """Say what changed; a purpose is told by its name in the language."""
    values = dict(change.values)
    if "purpose" in values:
        values["purpose"] = words[values["purpose"]]
    return words[change.code].format(**values)


def purposes(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Who switched which purpose on, when, on which basis, and what is missing."""
    by_name = {p.purpose: p for p in telling.facts.purposes}
    rows = (
        _purpose(place.cells(p)[0], by_name.get(p, PurposeState(p, False)), telling)
        for p in PURPOSES
    )
    return (table_of(place, rows),)


def _purpose(name: str, fact: PurposeState, telling: Telling) -> tuple[Runs, ...]:
    mark = Run(telling.word("on" if fact.is_on else "off"), "strong" if fact.is_on else "plain")
    if fact.at_us is None and fact.is_on:
        who, basis = telling.word("always_on"), telling.word("no_basis")
    elif fact.at_us is None:
        who, basis = telling.word("never"), telling.word("still_off")
    elif fact.is_on:
        day, by = telling.date(fact.at_us), telling.word("by", name=fact.by)
        who = f"{telling.word('since', date=day)}, {by}"
        basis = fact.basis or telling.word("no_basis")
    else:
        who = telling.word("switched_off", date=telling.date(fact.at_us), name=fact.by)
        basis = telling.word("still_off")
    return (telling.runs(name), (mark,), plain(who), plain(basis))


def necessity(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Why each purpose needs what it does; by its name."""
    rows = (
        (plain(telling.word(p)), *(telling.runs(cell) for cell in place.cells(p))) for p in PURPOSES
    )
    return (table_of(place, rows),)


def open_points(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Say what has to be there before the first import of real data."""
    rows = []
    for key, (point, ground) in (place.rows or {}).items():
        known, is_done = _known(key, telling)
        box = Run("x" if is_done else "", "box")
        rows.append((telling.runs(point), telling.runs(ground), plain(known), (box,)))
    return (table_of(place, rows),)


def _known(key: str, telling: Telling) -> tuple[str, bool]:
    """Return what the workspace knows of a point, and whether it is done by that."""
    facts, word = telling.facts, telling.word
    on = [p for p in facts.purposes if p.is_on]
    if key == "purpose":
        return ", ".join(word(p.purpose) for p in on) or word("none"), bool(on)
    if key == "basis":
        named = [word(p.purpose) for p in on if p.basis]
        return ", ".join(named) or word("none"), bool(on) and len(named) == len(on)
    if key == "key":
        return word(f"key_{facts.key_state}"), facts.key_state in ("exists", "environment")
    if key == "exclusions" and facts.exclusions is not None:
        return word("accounts", n=facts.exclusions), facts.exclusions > 0
    return word("to_fill"), False


def tables(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Categories of data and persons, with the rows stored now and their period."""
    return (table_of(place, (_table(place, fact, telling) for fact in telling.facts.tables)),)


def _table(place: Place, fact: TableFact, telling: Telling) -> tuple[Runs, ...]:
    meaning, persons = place.cells(fact.name)
    shown: list[Run] = []
    for column in fact.columns:
        if shown:
            shown.append(Run(", "))
        shown.append(Run(column, "emphasis" if column in fact.personal else "plain"))
    name = (Run(fact.name, "code"), Run(f" {meaning}"))
    return (name, plain(persons), tuple(shown), plain(_rows(fact, telling)), _period(fact))


def _rows(fact: TableFact, telling: Telling) -> str:
    if fact.rows == 0:
        return telling.word("no_rows")
    if telling.facts.profile == "protected" and fact.rows < telling.facts.k:
        return telling.word("few_rows", k=telling.facts.k)
    return forms.number(telling.language, fact.rows, 0)


def _period(fact: TableFact) -> Runs:
    if fact.first is None or fact.last is None:
        return plain("–")
    return plain(fact.first if fact.first == fact.last else f"{fact.first} – {fact.last}")


def fingerprint(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Name the parts that the dossier is compared by, with their checksums."""
    rows = []
    for part, cells in (place.rows or {}).items():
        checksum = (Run(telling.facts.parts[part], "code"),)
        rows.append((*(telling.runs(cell) for cell in cells), checksum))
    return (table_of(place, rows),)


BUILDERS: dict[str, Builder] = {
    "state": state,
    "open-warning": open_warning,
    "changes": changes,
    "purposes": purposes,
    "necessity": necessity,
    "open-points": open_points,
    "tables": tables,
    "retention": written_rows,
    "measures": written_rows,
    "more-risks": written_rows,
    "thresholds": written_rows,
    "rights": written_rows,
    "annex": written_rows,
    "duties": written_rows,
    "law": keyed_rows,
    "fingerprint": fingerprint,
}
