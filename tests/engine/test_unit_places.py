"""Which unit is above which, and where its people work, from the tables of units and people."""

import pyarrow.parquet as pq

from canonical_rows import rows_of
from leitweg.engine.unit_places import NO_PLACES, load_unit_places


def places(folder, people=(), units=()):
    """People as (person, unit, manager, site[, kind]); units as (unit, parent)."""
    tables = {}
    if people:
        rows = [(*row, "person")[:5] for row in people]
        tables["people"] = rows_of(
            "people",
            **{
                name: [row[i] for row in rows]
                for i, name in enumerate(("person", "unit", "manager", "site", "kind"))
            },
        )
    if units:
        tables["units"] = rows_of(
            "units", unit=[u for u, _ in units], parent=[above for _, above in units]
        )
    files = {}
    for name, table in tables.items():
        files[name] = [folder / f"{name}.parquet"]
        pq.write_table(table, files[name][0])
    return load_unit_places(files)


def test_nothing_known(tmp_path):
    assert places(tmp_path) == NO_PLACES


def test_the_unit_of_most_managers_is_above(tmp_path):
    found = places(
        tmp_path,
        people=[
            ("boss", "Head", None, "Ulm"),
            ("aide", "Desk", "boss", "Ulm"),
            ("one", "Desk", "boss", "Bonn"),
            ("two", "Desk", "aide", "Bonn"),
            ("three", "Stock", "aide", None),
            ("bot", "Stock", "boss", "Ulm", "system"),
        ],
    )
    assert found.above == {"Desk": "Head", "Stock": "Desk"}
    assert found.sites == {"Head": {"Ulm": 1}, "Desk": {"Ulm": 1, "Bonn": 2}}


def test_the_units_table_goes_first(tmp_path):
    found = places(
        tmp_path,
        people=[("boss", "Head", None, None), ("one", "Desk", "boss", None)],
        units=[("Desk", "Service"), ("Service", "Board"), ("Board", "Board")],
    )
    assert found.above == {"Desk": "Service", "Service": "Board"}


def test_direct_reports_of_a_manager_are_a_unit_where_none_is_named(tmp_path):
    found = places(
        tmp_path,
        people=[("a", None, "top", None), ("b", None, "a", None), ("top", None, None, None)],
    )
    assert found.above == {"Team a": "Team top"}
