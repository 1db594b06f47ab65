"""Positions, skills, absences and ties in a workspace: merged, appended, under pseudonyms."""

import pytest

from leitweg.domain.errors import WorkspaceError
from leitweg.domain.imports import ImportOptions
from leitweg.privacy.pseudonyms import pseudonym
from leitweg.store import open_workspace
from leitweg.studies.importing import import_files

FILES = {
    "positions.csv": "position,unit,title,key\nP1,Net,Dispatcher,yes\n",
    "skills.csv": "person,skill,level\nAnna Alt,SAP,4\n",
    "needs.csv": "position,skill,level\nP1,SAP,3\n",
    "away.csv": "person,from,to\nAnna Alt,2024-07-01T00:00:00Z,2024-07-08T00:00:00Z\n",
    "advice_edges.csv": "from,to,weight\nAnna Alt,Bernd Neu,2\n",
    "nodes.csv": "id,dept\nAnna Alt,Net\nBernd Neu,Sales\n",
}


def planted(folder, files=None):
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in (files or FILES).items():
        (folder / name).write_text(text, encoding="utf-8")
        paths.append(folder / name)
    return paths


def rows(place, table):
    return place.read(table).to_pylist()


def test_all_tables_of_staff_are_stored_and_nobody_is_named(tmp_path):
    workspace = tmp_path / "w"
    report = import_files(workspace, planted(tmp_path / "in"), ImportOptions())
    assert {name: n for file in report.imported for name, n in file.tables.items()} == {
        "positions": 1,
        "qualifications": 1,
        "requirements": 1,
        "absences": 1,
        "ties": 1,
        "people": 2,
    }
    place = open_workspace(workspace)
    anna, bernd = (pseudonym("person", name, place.key()) for name in ("anna alt", "bernd neu"))
    assert rows(place, "qualifications") == [
        {"person": anna, "skill": "SAP", "level": 4.0, "source": None}
    ]
    assert rows(place, "absences")[0]["person"] == anna
    assert [(r["from"], r["to"], r["relation"]) for r in rows(place, "ties")] == [
        (anna, bernd, "advice")
    ]
    assert rows(place, "positions")[0] == {
        "position": "P1",
        "unit": "Net",
        "title": "Dispatcher",
        "key": True,
    }
    stored = b"".join(p.read_bytes() for p in workspace.rglob("*") if p.is_file())
    assert b"anna" not in stored.lower()


def test_a_newer_import_changes_positions_and_levels_and_adds_ties(tmp_path):
    workspace = tmp_path / "w"
    import_files(workspace, planted(tmp_path / "in"), ImportOptions(), profile="open")
    newer = {
        "positions.csv": "position,unit,title,key\nP1,Grid,,\nP2,Net,Fitter,no\n",
        "skills.csv": "person,skill,level\nAnna Alt,SAP,5\nAnna Alt,Law,1\n",
        "advice_edges.csv": "from,to,weight\nAnna Alt,Bernd Neu,3\n",
    }
    import_files(workspace, planted(tmp_path / "in2", newer), ImportOptions())
    place = open_workspace(workspace)
    assert [tuple(r.values()) for r in rows(place, "positions")] == [
        ("P1", "Grid", "Dispatcher", True),
        ("P2", "Net", "Fitter", False),
    ]
    assert [(r["skill"], r["level"]) for r in rows(place, "qualifications")] == [
        ("Law", 1.0),
        ("SAP", 5.0),
    ]
    assert sorted(r["value"] for r in rows(place, "ties")) == [2.0, 3.0]


def test_ties_read_with_other_options_are_refused_for_they_would_count_twice(tmp_path):
    workspace = tmp_path / "w"
    (path,) = planted(tmp_path / "in", {"advice.csv": "from,to,a,b\nx,y,1,2\n"})
    import_files(workspace, [path], ImportOptions(mapping={"value": "a"}), profile="open")
    with pytest.raises(WorkspaceError) as raised:
        import_files(workspace, [path], ImportOptions(mapping={"value": "b"}))
    assert raised.value.code == "imported-differently"
