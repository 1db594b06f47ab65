"""What does an import change in a workspace? Rows, settings, rejects, and what is remembered."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.imports import ImportedFile, Reading
from leitweg.privacy.exclusions import Exclusions
from leitweg.store import Change, RememberedFile
from leitweg.studies.entering import Entrance, people_stored
from leitweg.studies.excluded_rows import leave_out_stored
from leitweg.studies.file_identity import hash_of_bytes, hash_of_content, hashes_of_rows
from leitweg.studies.import_report import (
    ImportReport,
    Taken,
    Way,
    known_by_content,
    report_of,
    report_of_known,
)
from leitweg.studies.named_accounts import rows_of_machines, stored_front, stored_machines
from leitweg.studies.reject_files import content_of_rejects, name_of_rejects
from leitweg.studies.remembered_rights import RightsAtImport

_APPENDED = ("events", "messages", "ties", "absences")


class ImportChange:
    """One import inside one transaction.

    Parameters
    ----------
    change
        The transaction.
    folder
        The workspace; paths in the report begin with it.
    way
        How the import stores.
    rights
        What people asked for, which rows of theirs have to respect.
    """

    def __init__(self, change: Change, folder: Path, way: Way, rights: RightsAtImport) -> None:
        self._change = change
        self._rights = rights
        self._folder = folder
        self._way = way
        self._remembered = list(change.before.imports)
        self._entrance = Entrance((), way, change.settings)
        self._brings_people = False

    @property
    def exclusions(self) -> Exclusions:
        """What is left out, as stored ids are told by it; without entries where nothing is new."""
        found = self._entrance.excluding
        if not found.fresh:
            return dataclasses.replace(found.exclusions, entries=frozenset())
        stored = None if self._way.is_open else found.exclusions.entries | found.gone
        return dataclasses.replace(found.exclusions, stored=stored)

    def store(self, taken: Sequence[Taken]) -> ImportReport:
        """Store what is not known yet, and report on everything."""
        settings = self._change.settings
        self._entrance = Entrance(taken, self._way, settings, self._stored_people)
        excluding = self._entrance.excluding
        deleted = leave_out_stored(self._change, excluding, self._way.key)
        imported = [file for one in taken for file in self._store_path(one)]
        warnings = [*self._name_accounts(), *self._entrance.warnings(), *deleted]
        for name, entries in {
            "excluded": excluding.excluded,
            "included": excluding.included,
            "domains": self._entrance.domains,
        }.items():
            if entries or name in settings:
                self._change.update_settings(**{name: sorted(entries)})
        zone = self._way.options.time_zone
        if zone and "time_zone" not in self._change.settings:
            self._change.update_settings(time_zone=zone)
        return ImportReport(self._way.profile, tuple(imported), warnings=tuple(warnings))

    def _store_path(self, one: Taken) -> list[ImportedFile]:
        # another import may have stored it while this one was reading
        known = one.known or known_by_content(one.digest, self._way, self._remembered)
        if known:
            return [self._located(report_of_known(one.path, file)) for file in known]
        return [self._store_reading(one, r, place) for place, r in enumerate(one.readings)]

    def _store_reading(self, one: Taken, reading: Reading, place: int) -> ImportedFile:
        hashes = hashes_of_rows(reading.tables, self._way.key, self._way.options.keep)
        fresh, holder = self._fresh(reading, hashes)
        if holder is not None and not any(map(len, fresh.tables.values())):
            return self._located(report_of_known(reading.path, holder))
        return self._store_fresh(one, self._entrance.entered(fresh), place, hashes)

    def _fresh(
        self, reading: Reading, hashes: Mapping[str, str]
    ) -> tuple[Reading, RememberedFile | None]:
        """Leave out the rows that another file brought already, and return that file too."""
        holders = {
            name: file
            for file in self._remembered
            for name, rows_hash in hashes.items()
            if file.rows_hashes.get(name) == rows_hash
        }
        if not holders:
            return reading, None
        tables = {name: rows for name, rows in reading.tables.items() if name not in holders}
        left_out = f"Rows that the workspace holds already were left out: {', '.join(holders)}."
        warnings = (*reading.warnings, left_out)
        fresh = dataclasses.replace(reading, tables=tables, warnings=warnings)
        return fresh, next(iter(holders.values()))

    def _store_fresh(
        self, one: Taken, reading: Reading, place: int, hashes: Mapping[str, str]
    ) -> ImportedFile:
        bytes_hash = hash_of_bytes(one.digest, self._way.key)
        self._refuse_another_reading(one.path, reading, bytes_hash)
        content_hash = hash_of_content(one.digest, self._way.options, self._way.key)
        file = self._to_remember(reading, content_hash, bytes_hash, hashes)
        if reading.rejects:
            name = name_of_rejects(reading, content_hash, place, is_open=self._way.is_open)
            content = content_of_rejects(reading.rejects, is_open=self._way.is_open)
            file = dataclasses.replace(file, rejects=self._change.keep_rejects(name, content))
        stored, n_left_out = self._rights.apply(self._way.stored(reading.tables))
        self._change.add(stored)
        self._change.remember(file)
        self._remembered.append(file)
        self._brings_people |= "people" in reading.tables
        if n_left_out:
            told = f"Rows of people who were erased were left out: {n_left_out}."
            reading = dataclasses.replace(reading, warnings=(*reading.warnings, told))
        return report_of(reading, self._folder / file.rejects if file.rejects else None)

    def _to_remember(
        self, reading: Reading, content_hash: str, bytes_hash: str, hashes: Mapping[str, str]
    ) -> RememberedFile:
        report = report_of(reading, None)
        is_open = self._way.is_open
        return RememberedFile(
            content_hash=content_hash,
            bytes_hash=bytes_hash,
            rows_hashes=hashes,
            name=reading.path.name if is_open else None,
            kind=report.kind,
            tables=report.tables,
            rows_read=report.rows_read,
            rows_rejected=report.rows_rejected,
            mapping=report.mapping,
            states=report.states,
            attributes=report.attributes,
            # a table with one column per person has names in its head
            left_over=report.left_over if is_open else (),
        )

    def _refuse_another_reading(self, path: Path, reading: Reading, bytes_hash: str) -> None:
        for file in self._change.before.imports:
            if file.bytes_hash != bytes_hash:
                continue
            twice = [t for t in _APPENDED if file.tables.get(t) and len(reading.tables.get(t, ()))]
            if twice:
                raise WorkspaceError(
                    f"{path} is in the workspace already, read with other options, and its "
                    f"{twice[0]} would count twice; import it into a new workspace to read it "
                    "anew.",
                    code="imported-differently",
                    path=str(path),
                    tables=twice,
                )

    def _stored_people(self) -> set[str]:
        return people_stored(self._change.distinct)

    def _name_accounts(self) -> list[str]:
        key, options = self._way.key, self._way.options
        names = self._entrance.names
        earlier = _listed(self._change.settings.get("machines"))
        machines = self._rights.left(earlier | stored_machines(options.machines, names, key))
        # rows of people that come later must not make a named machine a person again
        if machines - earlier or (machines and self._brings_people):
            self._change.add({"people": rows_of_machines(machines)})
        kept = _listed(self._change.settings.get("front"))
        front, warnings = stored_front(options.front, kept, names, key)
        front = self._rights.left(front)
        for name, found in (("machines", machines), ("front", front)):
            if found:
                self._change.update_settings(**{name: sorted(found)})
        return warnings

    def _located(self, file: ImportedFile) -> ImportedFile:
        if file.rejects is None:
            return file
        return dataclasses.replace(file, rejects=str(self._folder / file.rejects))


def _listed(value: object) -> set[str]:
    return {str(entry) for entry in value} if isinstance(value, list) else set()
