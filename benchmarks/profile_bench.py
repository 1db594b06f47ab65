"""Profiles alone: how often does what a unit says of itself find it, before any case is closed?

python -m benchmarks.profile_bench [APACHE_ISSUES.csv.gz]
"""

import csv
import gzip
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.measuring import ROOT
from benchmarks.tables import markdown_table
from leitweg.domain.routing import N_WORDS, Profile
from leitweg.domain.tables import UNITS
from leitweg.privacy.text_features import TextFeatures
from leitweg.routing.profiles import unit_profiles

ISSUES = ROOT.parent / "shared/data/apache-issues/apache_issues.csv.gz"
PURPOSES = Path(__file__).with_name("apache_units.csv")
PARTS = {
    "ids": ("unit",),
    "ids and names": ("unit", "name"),
    "names and purposes": ("unit", "name", "purpose"),
}
FEATURES = TextFeatures(b"benchmark").of
Floats = NDArray[np.float64]


def units_saying(columns: Sequence[str]) -> pa.Table:
    """Return the table of units with some of its columns, the others empty."""
    with PURPOSES.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    kept = [{name: row[name] for name in columns} for row in rows]
    return pa.Table.from_pylist(kept, schema=UNITS.schema)


def directions(profiles: Sequence[Profile]) -> Floats:
    """Return a direction of unit length per profile; rare words weigh more."""
    counts = np.zeros((len(profiles), 2 * N_WORDS))
    for row, profile in zip(counts, profiles, strict=True):
        np.add.at(row, profile.text, 1)
    in_how_many = np.maximum((counts > 0).sum(axis=0), 1)
    weighed = np.log1p(counts) * np.log(1 + len(profiles) / in_how_many)
    return np.asarray(weighed / np.linalg.norm(weighed, axis=1, keepdims=True))


def places(profiles: Sequence[Profile], issues: Sequence[dict[str, str]]) -> dict[str, list[int]]:
    """Return, per unit, the place of the right one in the list for each of its issues."""
    pointing, names = directions(profiles), [profile.contact for profile in profiles]
    found: dict[str, list[int]] = {name: [] for name in names}
    for issue in issues:
        words, counts = np.unique(
            FEATURES(f"{issue['summary']}\n{issue['description']}"), return_counts=True
        )
        order = np.argsort(-(pointing[:, words] @ np.log1p(counts)), kind="stable")
        found[issue["team"]].append([names[i] for i in order].index(issue["team"]))
    return found


def main() -> None:
    """Print the table: macro averages over the units, nothing learnt from any issue."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ISSUES
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        issues = list(csv.DictReader(stream))
    rows = []
    for told, columns in PARTS.items():
        found = places(unit_profiles({"units": units_saying(columns)}, features=FEATURES), issues)
        tops = [np.mean([np.mean([p < n for p in own]) for own in found.values()]) for n in (1, 3)]
        rows.append([told, *(f"{top:.3f}" for top in tops)])
    table = markdown_table(["profiles of", "top-1", "top-3"], rows)
    sys.stdout.write(f"{len(issues):,} issues\n\n{table}\n")


if __name__ == "__main__":
    main()
