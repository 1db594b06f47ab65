"""Staff: who holds which position, told apart and until when."""

import pyarrow.parquet as pq

from canonical_rows import rows_of
from leitweg.engine.staff import load_staff


def loaded(folder, persons, **tables):
    files = {}
    for name, columns in tables.items():
        path = folder / f"{name}.parquet"
        pq.write_table(rows_of(name, **columns), path)
        files[name] = [path]
    return load_staff(files, persons)


def test_positions_of_one_title_are_told_apart(tmp_path):
    positions = {
        "position": ["P1", "P2", "P3", "P4", "P5"],
        "title": ["Clerk", "Clerk", "Head", "Clerk", None],
        "unit": ["A", "A", "A", "B", "B"],
    }
    staff = loaded(tmp_path, ["a"], positions=positions)
    assert staff.titles == ("Clerk (P1)", "Clerk (P2)", "Head", "Clerk", "P5")


def test_the_latest_row_with_a_position_says_which_and_until_when(tmp_path):
    people = {
        "person": ["a", "a", "b", "robot"],
        "position": ["P1", "P2", "P1", "P1"],
        "kind": [None, "person", None, "system"],
        "valid_from_us": [1, 5, None, None],
        "valid_to_us": [5, 9, None, None],
    }
    staff = loaded(tmp_path, ["a", "b"], people=people)
    assert staff.positions == ("P1", "P2")
    assert staff.holder_position.tolist() == [1, 0]
    assert staff.holder_until_us.tolist() == [9, 2**63 - 1]
    assert staff.position.tolist() == [1, 0]


def test_nothing_known_is_nobody(tmp_path):
    staff = loaded(tmp_path, ["a"])
    assert (staff.positions, staff.holder_until_us.size) == ((), 0)
