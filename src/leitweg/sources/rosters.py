"""Who takes requests: a roster file becomes contacts, or all its faults are told at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.rosters import Contact, Roster, Span
from leitweg.sources.absence_tables import NO_END_US, next_day
from leitweg.sources.cells import count_of, languages_of, listed_names, permissions_of
from leitweg.sources.clocks import Clock
from leitweg.sources.hours import read_hours
from leitweg.sources.records import Faults, Records, read_records
from leitweg.sources.roster_names import ROSTER
from leitweg.sources.zones import zone_in_header, zone_named

ALWAYS_US = 0
ONCE = (
    *("unit", "languages", "permissions", "capacity", "load"),
    *("hours", "customers", "purpose", "valid_to_us"),
)
_CLOCK_TIME = r":|\d[Tt]\d|^\d{9,}"
_TEMPLATES = {
    "en": (
        "contact,unit,languages,permissions,capacity,load,hours,time_zone,absent_from,absent_to,"
        "customers,purpose,valid_to\n"
        "a.weber,Claims,de; en,refunds over 500,8,3,Mo-Fr 08:00-17:00,Europe/Berlin,"
        "2027-02-08,2027-02-19,C-1042; C-2210,,\n"
        "Claims,Claims,,,,,,,,,,Settles damage claims of private customers.,\n"
    ),
    "de": (
        "Ansprechpartner;Einheit;Sprachen;Berechtigungen;Kapazität;Offene Vorgänge;Arbeitszeiten;"
        "Zeitzone;Abwesend von;Abwesend bis;Kunden;Zweck;Gültig bis\n"
        "a.weber;Schaden;de, en;Erstattung über 500;8;3;Mo-Fr 08:00-17:00;Europe/Berlin;"
        "08.02.2027;19.02.2027;C-1042 | C-2210;;\n"
        "Schaden;Schaden;;;;;;;;;;Reguliert Schäden von Privatkunden.;\n"
    ),
}
T = TypeVar("T")


def roster_template(language: str) -> str:
    """Return a roster to fill in, as CSV with the columns named in German or English.

    Its two rows are examples: a person of a unit, and the unit with its purpose.
    """
    return _TEMPLATES[language]


def read_roster(
    path: Path,
    *,
    now_us: int,
    time_zone: str | None = None,
    day_first: bool | None = None,
    missing: tuple[str, ...] = (),
) -> Roster:
    """Read a roster (CSV, TSV, xlsx, Parquet or JSON), one row per contact and absence.

    Parameters
    ----------
    path
        The file. A contact may have several rows: each adds an absence, and what another row of
        it leaves empty.
    now_us
        The present time, microseconds UTC.
    time_zone
        Of times without a zone and of hours without one; None: such a file is refused.
    day_first
        Order of day and month where it cannot be told.
    missing
        Further marks for "nothing here".

    Raises
    ------
    SourceError
        missing-columns-of-file, faulty-rows (every fault with its row), and those of opening a
        file and of reading times.
    """
    records = _with_contacts(read_records(path, ROSTER, (("contact", "unit"),), missing))
    faults = Faults(records.raw.name)
    rows = _rows(records, time_zone, faults)
    clock = Clock(now_us, time_zone or _one_zone(records), day_first)
    contacts = _merged(_with_times(rows, records, clock, faults), records, faults)
    faults.raise_all()
    return Roster(contacts, records.free)


def _with_contacts(records: Records) -> Records:
    """Take the units as contacts where the file names no other."""
    columns = {"contact": records.columns.get("unit", ""), **records.columns}
    return replace(records, columns=columns)


def _one_zone(records: Records) -> str | None:
    zones = {zone for zone in records.texts("time_zone") if zone}
    return zones.pop() if len(zones) == 1 else None


def _rows(records: Records, time_zone: str | None, faults: Faults) -> list[Contact | None]:
    """Return a contact per row, without its times; None where the row names none."""
    names = ("contact", "unit", "languages", "permissions", "capacity", "load")
    cells = {n: records.texts(n) for n in (*names, "hours", "time_zone", "customers", "purpose")}
    rows: list[Contact | None] = []
    for place, number in enumerate(records.raw.rows):
        cell = {name: values[place] for name, values in cells.items()}
        rows.append(_contact(cell, int(number), records, time_zone, faults))
    return rows


def _contact(
    cell: dict[str, str | None], row: int, records: Records, zone: str | None, faults: Faults
) -> Contact | None:
    def read(name: str, how: Callable[[str | None], T], otherwise: T) -> T:
        try:
            return how(cell[name])
        except ValueError as fault:
            faults.add(row, records.columns[name], str(fault))
            return otherwise

    if cell["contact"] is None:
        faults.add(row, records.columns["contact"], "the contact is missing")
        return None
    own_zone = cell["time_zone"] or zone
    return Contact(
        cell["contact"],
        unit=cell["unit"],
        languages=read("languages", languages_of, frozenset()),
        permissions=permissions_of(cell["permissions"]),
        capacity=read("capacity", count_of, None),
        load=read("load", count_of, None) or 0.0,
        hours=read("hours", lambda text: read_hours(text, own_zone) if text else None, None),
        customers=frozenset(listed_names(cell["customers"])),
        purpose=cell["purpose"],
    )


def _with_times(
    rows: list[Contact | None], records: Records, clock: Clock, faults: Faults
) -> list[Contact | None]:
    """Add absences and the end of validity; days are meant as a whole, the last one included."""
    begins = records.times("absent_from", clock, faults).at_us.to_pylist()
    ends, lasts = (_ends(records, name, clock, faults) for name in ("absent_to", "valid_to"))
    timed: list[Contact | None] = []
    for place, row in enumerate(rows):
        span = _span(begins[place], ends[place])
        if span is not None and span[1] <= span[0]:
            number = int(records.raw.rows[place])
            faults.add(number, records.columns["absent_to"], "it ends before it begins")
        absences = () if span is None else (span,)
        timed.append(row and replace(row, absences=absences, valid_to_us=lasts[place]))
    return timed


def _span(begin: int | None, end: int | None) -> Span | None:
    if begin is None and end is None:
        return None
    return ALWAYS_US if begin is None else begin, NO_END_US if end is None else end


def _ends(records: Records, name: str, clock: Clock, faults: Faults) -> list[int | None]:
    ends: list[int | None] = records.times(name, clock, faults).at_us.to_pylist()
    if name not in records.columns or _has_clock_times(records, name):
        return ends
    zone = zone_named(clock.time_zone or zone_in_header(records.columns[name]) or "UTC")
    return [None if end is None else next_day(end, zone) for end in ends]


def _has_clock_times(records: Records, name: str) -> bool:
    written = records.raw.column(records.columns[name])
    if pa.types.is_timestamp(written.type):
        naive = pc.cast(written, pa.timestamp("us"), safe=False)
        times = pc.not_equal(naive, pc.floor_temporal(naive, unit="day"))
    else:
        times = pc.match_substring_regex(written, _CLOCK_TIME)
    return bool(pc.any(times).as_py())


def _merged(rows: list[Contact | None], records: Records, faults: Faults) -> tuple[Contact, ...]:
    """Return one contact per id; rows that say different things of it are a fault."""
    merged: dict[str, Contact] = {}
    for number, row in zip(records.raw.rows, rows, strict=True):
        if row is None:
            continue
        known = merged.get(row.contact)
        try:
            merged[row.contact] = row if known is None else _both(known, row)
        except ValueError as fault:
            column = records.columns[str(fault)]
            faults.add(int(number), column, "another row of the contact says otherwise")
    return tuple(merged.values())


def _both(first: Contact, second: Contact) -> Contact:
    """Return what two rows say together; ValueError names the column in which they differ."""
    kept: dict[str, Any] = {"absences": tuple(sorted({*first.absences, *second.absences}))}
    for name in ONCE:
        one, other = getattr(first, name), getattr(second, name)
        if one and other and one != other:
            raise ValueError(name.removesuffix("_us"))
        kept[name] = one or other
    return replace(first, **kept)
