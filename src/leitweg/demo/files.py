"""The exports of the demo company, written as the systems of such a company write them.

Events as CSV (with semicolons in German, commas in English), people as a workbook from human
resources, units, positions, skills and absences as CSV, messages as the CSV of a message trace.
Both languages describe the same company: only names of units, topics, positions, skills and
columns and the form of times differ.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa
from pyarrow import csv

from leitweg.demo.company import generate
from leitweg.demo.demo_company import demo_plan
from leitweg.demo.exported_rows import event_rows, headers, message_rows, unit_rows
from leitweg.demo.mails import mails_of
from leitweg.demo.requests import requests_of
from leitweg.demo.staff import Person, staff_of
from leitweg.demo.staff_rows import (
    absence_rows,
    position_rows,
    qualification_rows,
    requirement_rows,
)

PEOPLE_HEADERS = {
    "de": (
        "E-Mail-Adresse Anzeigename Kontoart Abteilung Stelle Vorgesetzte/r Standort Sprache "
        "Wochenstunden"
    ),
    "en": (
        "Email_address Display_name Account_type Department Position Manager Site Language "
        "Weekly_hours"
    ),
}
FILE_NAMES = {
    "de": (
        *("vorgaenge.csv", "personen.xlsx", "einheiten.csv", "nachrichten.csv", "stellen.csv"),
        *("qualifikationen.csv", "anforderungen.csv", "abwesenheiten.csv"),
    ),
    "en": (
        *("events.csv", "people.xlsx", "units.csv", "messages.csv", "positions.csv"),
        *("qualifications.csv", "requirements.csv", "absences.csv"),
    ),
}
WRITTEN = (2026, 2, 2, 6, 0, 0)


@dataclass(frozen=True)
class DemoFiles:
    """Where the exports lie."""

    events: Path
    people: Path
    units: Path
    messages: Path
    positions: Path
    qualifications: Path
    requirements: Path
    absences: Path


def write_demo_files(folder: Path, *, seed: int = 1, language: str = "de") -> DemoFiles:
    """Write the exports of the demo company and return where they lie.

    Parameters
    ----------
    folder
        Is made if it is not there; files of the same names are replaced.
    seed, language
        The seed decides everything that happens, the language (``de`` or ``en``) only how it is
        named and written down. The same seed and language give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = DemoFiles(*(folder / name for name in FILE_NAMES[language]))
    log = generate(demo_plan(seed))
    staff, requests = staff_of(seed, language), requests_of(log)
    _write_csv(files.events, event_rows(log, requests, staff, language), language)
    _write_workbook(files.people, staff, language)
    _write_csv(files.units, unit_rows(language), language)
    _write_csv(files.messages, message_rows(mails_of(log, requests, staff), seed), "en")
    _write_csv(files.positions, position_rows(staff, language), language)
    _write_csv(files.qualifications, qualification_rows(staff, language), language)
    _write_csv(files.requirements, requirement_rows(staff, language), language)
    _write_csv(files.absences, absence_rows(staff, seed, language), language)
    return files


def _write_csv(path: Path, rows: pa.Table, language: str) -> None:
    options = csv.WriteOptions(delimiter=";" if language == "de" else ",", quoting_style="needed")
    csv.write_csv(rows, path, options)


def _write_workbook(path: Path, staff: Sequence[Person], language: str) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet({"de": "Personen", "en": "People"}[language])
    sheet.append(headers(PEOPLE_HEADERS[language]))
    for p in staff:
        row = (p.account, p.name, p.kind, p.unit, p.position, p.manager, p.site, p.language)
        sheet.append([value or None for value in row] + [p.hours_per_week])
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_timeless(buffer.getvalue()))


def _timeless(workbook: bytes) -> bytes:
    """Return the workbook without the moment it was saved: the same rows are the same bytes."""
    out = io.BytesIO()
    moment = dt.datetime(*WRITTEN).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, content)
            info = zipfile.ZipInfo(name, WRITTEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return out.getvalue()
