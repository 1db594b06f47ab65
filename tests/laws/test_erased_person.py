"""Answers after an erasure are those of files in which the person never stood."""

import csv
import math
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from small_company import Row, situation_of, write_log

from leitweg.demo.files import write_demo_files
from leitweg.domain.imports import ImportOptions
from leitweg.studies.documents import situation_document
from leitweg.studies.importing import import_files
from leitweg.studies.person_rights import erase_person
from leitweg.studies.situation import analyse
from purposes import allow


def differences(one, other, place=""):
    """Yield every place where two documents differ by more than a billionth."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            yield from differences(one.get(name), other.get(name), f"{place}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{place}[{number}]")
    elif isinstance(one, float) and isinstance(other, float):
        if not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
            yield place, one, other
    elif one != other:
        yield place, one, other


def people_of(rows: list[Row]) -> list[str]:
    return [person for person, _ in Counter(row["person"] for row in rows).most_common()]


@pytest.mark.parametrize("rank", [0, 7], ids=["busiest", "eighth"])
def test_erasing_equals_never_having_been_there(rows, tmp_path: Path, rank):
    person = people_of(rows)[rank]
    without = [row for row in rows if row["person"] != person]
    reference = situation_of(tmp_path / "a", without)
    log = write_log(tmp_path / "log.csv", rows)
    import_files(tmp_path / "w", [log], ImportOptions(), profile="open")
    erase_person(tmp_path / "w", [person])
    documents = [situation_document(s, "en") for s in (analyse(tmp_path / "w"), reference)]
    assert list(differences(*documents)) == []
    assert documents[0]["coverage"]["events"] == len(without) < len(rows)


FILES = ("units", "people", "positions", "qualifications", "requirements")
FILES += ("absences", "events", "messages")


def company_of(folder: Path, exports: Path) -> Path:
    paths = [exports / f"{name}.{'xlsx' if name == 'people' else 'csv'}" for name in FILES]
    options = ImportOptions(time_zone="Europe/Berlin")
    import_files(folder, paths, options, profile="protected")
    return allow(folder)


def leave_out(exports: Path, account: str) -> None:
    """Take a person out of the files of the demo company, and out of the managers."""
    for path in exports.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            kept = [row for row in csv.reader(file) if account not in row]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(kept)
    book = openpyxl.load_workbook(exports / "people.xlsx")
    sheet = book.active
    for row in reversed(range(2, sheet.max_row + 1)):
        if sheet.cell(row, 1).value == account:
            sheet.delete_rows(row)
        elif sheet.cell(row, 6).value == account:
            sheet.cell(row, 6).value = None
    book.save(exports / "people.xlsx")


@pytest.mark.verify
@pytest.mark.parametrize(
    "name", ["imran.lawson", "svenja.thiessen", "anna.hinrichs"], ids=["lead", "head", "clerk"]
)
def test_erasing_somebody_of_the_demo_company_equals_a_company_without(
    tmp_path: Path, name, monkeypatch
):
    # chance draws people without events in the order of their ids
    monkeypatch.setenv("LEITWEG_KEY", "0123456789abcdef" * 4)
    account = f"{name}@foerdewerk.example"
    exports = write_demo_files(tmp_path / "exports", seed=1, language="en").events.parent
    whole = company_of(tmp_path / "w", exports)
    # nothing is asked before: the ledger would see to it that no difference tells of the person
    done = erase_person(whole, [account])
    assert done.rows > 100
    leave_out(exports, account)
    other = company_of(tmp_path / "other", exports)
    documents = [situation_document(analyse(folder), "en") for folder in (whole, other)]
    assert list(differences(*documents)) == []
    assert documents[0]["coverage"]["events"] > 40_000
