"""A thousand names and addresses with one rare syllable each, and a search for them anywhere."""

import itertools
import re
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow.parquet as pq

SYLLABLE = "qvx"
COUNT = 1000
_FIRST = ("An", "Be", "Cl", "Do", "El", "Fr", "Ge", "Hi", "Ig", "Jo")
_LAST = tuple(
    f"{a}{b}" for a, b in itertools.product(("Ma", "Ne", "Ob", "Pa", "Ro"), "abdefghiklmnoprstuwz")
)
# with the letters beside it: three alone may stand in packed bytes by chance
FOUND = re.compile(rf"[a-z]{{2,3}}{SYLLABLE}(?:a|er)[^\s\"',;<>{{}}]{{0,40}}", re.IGNORECASE)

NAMES = [f"{first}{SYLLABLE}a {last}{SYLLABLE}er" for first in _FIRST for last in _LAST]
ADDRESSES = [f"{name.lower().replace(' ', '.')}@firma.example" for name in NAMES]
assert len(set(NAMES)) == len(set(ADDRESSES)) == COUNT


def hits(text: str) -> list[str]:
    """Return what of the seeds stands in a text."""
    return sorted(set(FOUND.findall(text)))


def hits_in(places: list[Path]) -> dict[str, list[str]]:
    """Return what of the seeds stands in files below places, packed or not, and in their names.

    Each place is a folder or a file: add what has to be searched besides, such as a backup.
    """
    found = {}
    for place in places:
        files = [p for p in place.rglob("*") if p.is_file()] if place.is_dir() else [place]
        for path in files:
            name = path.relative_to(place).as_posix() if place.is_dir() else path.name
            seen = hits(f"{name}\n{written(path)}")
            if seen:
                found[str(path)] = seen[:5]
    return found


def written(path: Path) -> str:
    """Return all text of a file: as its bytes, and unpacked where it is packed."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".parquet":
        text += str(pq.read_table(path).to_pylist())
    if path.suffix == ".npz":
        # texts in arrays have four bytes a letter
        with np.load(path) as packed:
            texts = [a for name in packed.files if (a := packed[name]).dtype.kind in "US"]
        return text + " ".join(str(array.tolist()) for array in texts)
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        text += " ".join(str(v) for s in book for row in s.iter_rows(values_only=True) for v in row)
        book.close()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for member in packed.namelist():
                unpacked = Path(f"{path}.unpacked") / member
                packed.extract(member, f"{path}.unpacked")
                text += member + (written(unpacked) if unpacked.is_file() else "")
    if path.suffix == ".sqlite":
        with sqlite3.connect(path) as database:
            text += "\n".join(database.iterdump())
        database.close()
    return text
