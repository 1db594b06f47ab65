"""What of a file passes the entrance? Rows, labels and reports without those who stay outside.

Three things happen before ids become pseudonyms: excluded accounts and units leave
(`studies/excluding.py`), free attributes stay only where they were named (`--keep`), and names of
people are exchanged in labels and taken out of texts (`privacy/concealed.py`).
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.imports import Reading, Reject
from leitweg.domain.tables import TABLES, TEXT
from leitweg.privacy.canonical import canonical
from leitweg.privacy.concealed import People, domains_of_many, people_named, spellings
from leitweg.privacy.exclusions import without_cases
from leitweg.privacy.kept_attributes import kept_of, only_kept
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.privacy.text_columns import with_texts
from leitweg.studies.excluding import Excluding, excluding
from leitweg.studies.import_report import Taken, Way
from leitweg.studies.named_accounts import NamesInFiles, names_in

Tables = Mapping[str, pa.Table]
_ATTRIBUTES, _TEXT = "attributes", "text"
_NAMING = {"events": "person", "people": "person", "messages": "sender"}


def people_stored(distinct: Callable[[str, str], set[str]]) -> set[str]:
    """Return the stored ids of people, from what reads the distinct texts of a column."""
    return {id_ for table, column in _NAMING.items() for id_ in distinct(table, column)}


class Entrance:
    """The entrance of one import.

    Parameters
    ----------
    taken
        Everything that was read.
    way
        How the import stores.
    settings
        The settings of the workspace before it.
    stored_people
        Returns the ids of people that earlier imports stored; asked only where it is needed.
    """

    def __init__(
        self,
        taken: Sequence[Taken],
        way: Way,
        settings: Mapping[str, object],
        stored_people: Callable[[], set[str]] = set,
    ) -> None:
        readings = [reading for one in taken for reading in one.readings]
        self._way = way
        self._attributes = [name for reading in readings for name in reading.attributes]
        self._tables = [reading.tables for reading in readings]
        self._machines = {
            canonical(name, "person")
            for names in (*(r.machine_proposals for r in readings), way.options.machines)
            for name in names
        }
        self._named = names_in(self._tables)
        self._settings = settings
        self._stored_people = stored_people
        self.excluding: Excluding = excluding(
            way.options, settings, way.key, self._named, self._tables
        )
        self._left_out: Counter[str] = Counter()
        self._concealed: Counter[str] = Counter()
        self._n_nameless = 0

    @property
    def names(self) -> NamesInFiles:
        """Accounts and units of the files that are not excluded."""
        found = self.excluding.exclusions
        accounts = {f: i for f, i in self._named.accounts.items() if not found.account(f)}
        units = {f: i for f, i in self._named.units.items() if not found.unit(f)}
        return NamesInFiles(accounts, self._plain_units(units))

    def _plain_units(self, units: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        if self._way.is_open:
            return dict(units)
        plain = self._people.concealed
        return {f: frozenset(plain(unit, self._stored) for unit in i) for f, i in units.items()}

    @cached_property
    def domains(self) -> set[str]:
        """Domains of many accounts, of these files and earlier ones: names are looked up there."""
        kept = self._settings.get("domains")
        earlier = {str(domain) for domain in kept} if isinstance(kept, list) else set()
        return earlier | (set() if self._way.is_open else domains_of_many(self._named.accounts))

    def entered(self, reading: Reading) -> Reading:
        """Return of one file what may be stored and told."""
        tables = self._without_excluded(reading.tables)
        reading = dataclasses.replace(reading, tables=tables)
        if self._way.is_open:
            return reading
        reading = self._with_kept_attributes(reading)
        tables = {name: self._with_plain_labels(name, t) for name, t in reading.tables.items()}
        return self._told(dataclasses.replace(reading, tables=tables))

    def warnings(self) -> list[str]:
        """Say what was left out and exchanged, in numbers."""
        told = [*self.excluding.warnings, *self._unknown_attributes()]
        if self._left_out:
            rows = ", ".join(f"{name} {count}" for name, count in sorted(self._left_out.items()))
            told.append(f"Rows of excluded accounts and units were left out: {rows}.")
        if self._concealed:
            labels = ", ".join(f"{name} {n}" for name, n in sorted(self._concealed.items()))
            told.append(
                f"Labels that name a person or an address are stored as pseudonyms: {labels}."
            )
        if self._n_nameless:
            told.append(
                f"Texts from which names and addresses of people were taken: {self._n_nameless}."
            )
        return told

    def _unknown_attributes(self) -> list[str]:
        found = {canonical(name) for name in self._attributes}
        return [
            f"These files hold no free attribute '{name}' (--keep); a column that is mapped is "
            "stored anyway."
            for name in self._way.options.keep
            if self._tables and canonical(name) not in found
        ]

    def _without_excluded(self, tables: Tables) -> dict[str, pa.Table]:
        if not self.excluding.excluded:
            return dict(tables)
        kept = self.excluding.exclusions.rows(tables)
        if "cases" in kept and self.excluding.cases:
            kept["cases"] = without_cases(kept["cases"], self.excluding.cases)
        for name, rows in tables.items():
            if len(rows) > len(kept[name]):
                self._left_out[name] += len(rows) - len(kept[name])
        return kept

    def _with_kept_attributes(self, reading: Reading) -> Reading:
        kept = kept_of(reading.attributes, self._way.options.keep)
        left_out = [name for name in reading.attributes if name not in kept]
        tables = dict(reading.tables)
        if _ATTRIBUTES in TABLES["cases"].names and "cases" in tables:
            cases = tables["cases"]
            place = cases.column_names.index(_ATTRIBUTES)
            maps = only_kept(cases.column(place), kept)
            tables["cases"] = cases.set_column(place, cases.schema.field(place), maps)
        warnings = reading.warnings
        if left_out:
            listed = ", ".join(left_out)
            warnings = (*warnings, _told_left_out(listed, any_kept=bool(kept)))
        return dataclasses.replace(
            reading,
            tables=tables,
            attributes=kept,
            left_over=(*reading.left_over, *left_out),
            warnings=warnings,
        )

    def _with_plain_labels(self, name: str, rows: pa.Table) -> pa.Table:
        labels = [c for c in TABLES[name].columns if not c.personal and c.type == TEXT]
        for column in [*(c.name for c in labels), _ATTRIBUTES]:
            if column not in rows.column_names or rows[column].null_count == len(rows):
                continue
            plain = self._nameless if column == _TEXT else partial(self._plain, column)
            rows = with_texts(rows, plain, columns=[column])
        return rows

    def _nameless(self, texts: Sequence[str]) -> list[str]:
        # a hashed name could be found again by who knows the key, and erased by nobody
        nameless = [self._people.gaps(text) for text in texts]
        self._n_nameless += sum(one != other for one, other in zip(texts, nameless, strict=True))
        return nameless

    def _plain(self, column: str, texts: Sequence[str]) -> list[str]:
        plain = [self._people.concealed(text, self._stored) for text in texts]
        changed = sum(one != other for one, other in zip(texts, plain, strict=True))
        if changed:
            self._concealed[column] += changed
        return plain

    def _stored(self, form: str) -> str:
        return form if self._way.key is None else pseudonym("person", form, self._way.key)

    @cached_property
    def _people(self) -> People:
        customers = {
            canonical(id_, "customer")
            for tables in self._tables
            if "cases" in tables
            for id_ in pc.unique(tables["cases"]["customer"].drop_null()).to_pylist()
        }
        # a company of one word may as well be a topic
        of_several_words = {form for form in customers if " " in form or "@" in form}
        earlier = self._stored_people()
        accounts = (self._named.accounts.keys() | of_several_words) - self._machines
        if not earlier:
            return people_named(accounts)
        domains = sorted(self.domains)

        def is_stored(form: str) -> bool:
            return any(self._stored(account) in earlier for account in spellings(form, domains))

        return people_named(accounts, is_stored)

    def _told(self, reading: Reading) -> Reading:
        gaps = self._people.gaps
        return dataclasses.replace(
            reading,
            rejects=tuple(self._told_reject(reject) for reject in reading.rejects),
            mapping={name: gaps(column) for name, column in reading.mapping.items()},
            states={gaps(pattern): state for pattern, state in reading.states.items()},
            attributes=tuple(map(gaps, reading.attributes)),
            left_over=tuple(map(gaps, reading.left_over)),
            warnings=tuple(map(gaps, reading.warnings)),
        )

    def _told_reject(self, reject: Reject) -> Reject:
        gaps = self._people.gaps
        return dataclasses.replace(reject, column=gaps(reject.column), reason=gaps(reject.reason))


def _told_left_out(listed: str, *, any_kept: bool) -> str:
    if any_kept:
        return (
            "A protected workspace keeps the free attributes named with --keep; left out: "
            f"{listed}."
        )
    told = "A protected workspace keeps only free attributes that --keep names; left out:"
    return f"{told} {listed}."
