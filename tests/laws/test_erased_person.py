"""Answers after an erasure are those of files in which the person never stood."""

import math
from collections import Counter
from pathlib import Path

import pytest
from small_company import Row, situation_of, write_log

from leitweg.domain.imports import ImportOptions
from leitweg.studies.documents import situation_document
from leitweg.studies.importing import import_files
from leitweg.studies.person_rights import erase_person
from leitweg.studies.situation import analyse


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
