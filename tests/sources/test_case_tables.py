"""One row per case: opening events, paths of holders, duplicate ids."""

from tabular_fixture import read_one, refused, rejected, rows, utc, write

TICKETS = """
Ticket;Erstellt am;Geschlossen am;Bearbeiter;Gruppe;Kategorie;Status
7;2024-05-06T08:00:00Z;2024-05-07T08:00:00Z;Anna;Vertrieb;Pumpe;closed
8;2024-05-06T09:00:00Z;;;Technik;Ventil;open
9;2024-05-06T10:00:00Z;;;;Ventil;open
10;2024-05-06T10:00:00Z;2024-05-05T10:00:00Z;Anna;;Ventil;open
"""


def test_every_case_with_a_holder_begins_with_one_event(tmp_path):
    reading = read_one(write(tmp_path, TICKETS))
    assert reading.kind == "cases"
    assert rows(reading, "events", "case_id", "at_us", "person", "unit", "activity", "seq") == [
        ("7", utc("2024-05-06T08:00"), "Anna", "Vertrieb", "opened", 0),
        ("8", utc("2024-05-06T09:00"), None, "Technik", "opened", 1),
    ]
    assert rows(reading, "cases", "case_id", "opened_us", "closed_us", "topic", "outcome") == [
        ("7", utc("2024-05-06T08:00"), utc("2024-05-07T08:00"), "Pumpe", "closed"),
        ("8", utc("2024-05-06T09:00"), None, "Ventil", "open"),
        ("9", utc("2024-05-06T10:00"), None, "Ventil", "open"),
    ]
    assert rejected(reading) == [
        (4, "Geschlossen am", "it closes before it opens", "2024-05-05T10:00:00Z")
    ]


def test_duplicate_ids_are_refused_with_their_rows(tmp_path):
    text = "ticket,created,team\n" + "".join(
        f"{i},2024-05-06T08:00:00Z,A\n" for i in (1, 2, 3, 2, 1, 2)
    )
    assert refused(write(tmp_path, text), "duplicate-ids", kind="cases") == (
        "log.csv: column 'ticket' holds 5 rows whose case id occurs more than once, such as '1' "
        "in rows 1, 5. If one row is one event, import with --kind events."
    )


PATHS = """
id,product,first,way
3,Pump,x,a > b > a
1,Valve,x,c
2,Pump,x,a >  > nobody
4,Pump,x,
"""


def test_a_path_becomes_one_event_per_holder(tmp_path):
    mapping = {"case_id": "id", "order": "id", "path": "way"}
    path = write(tmp_path, PATHS)
    reading = read_one(path, mapping=mapping, path_separator=">")
    assert rows(reading, "events", "case_id", "at_us", "person", "unit", "seq") == [
        ("3", None, "a", None, 3000),
        ("3", None, "b", None, 3001),
        ("3", None, "a", None, 3002),
        ("1", None, "c", None, 1000),
        ("2", None, "a", None, 2000),
        ("2", None, None, None, 2001),
        ("2", None, "nobody", None, 2002),
    ]
    assert reading.missing_proposals == {"way": ("nobody",)}
    assert rejected(reading) == [(4, "way", "the path is missing", "")]
    named = read_one(path, mapping=mapping, path_separator=">", missing=("nobody",))
    assert rows(named, "events", "person")[-1] == (None,)
    assert reading.mapping == {
        "case_id": "id", "order": "id", "path": "way", "topic": "product",
    }  # fmt: skip


def test_the_holders_of_a_path_may_be_units(tmp_path):
    mapping = {"case_id": "id", "order": "id", "path": "way", "unit": "way"}
    reading = read_one(write(tmp_path, PATHS), mapping=mapping, path_separator=" > ")
    assert rows(reading, "events", "person", "unit")[:3] == [(None, "a"), (None, "b"), (None, "a")]


def test_a_path_beside_an_opening_keeps_the_order_of_the_file(tmp_path):
    text = "ticket,created,way\n5,2024-05-06T08:00:00Z,a|b\n6,2024-05-05T08:00:00Z,c\n"
    path = write(tmp_path, text.replace("a|b", '"a/b"'))
    reading = read_one(path, mapping={"path": "way"}, path_separator="/")
    assert rows(reading, "events", "case_id", "at_us", "person", "seq") == [
        ("5", None, "a", 0),
        ("5", None, "b", 1),
        ("6", None, "c", 1000),
    ]
    assert rows(reading, "cases", "opened_us") == [
        (utc("2024-05-06T08:00"),),
        (utc("2024-05-05T08:00"),),
    ]


def test_paths_need_a_separator_an_order_and_an_end(tmp_path):
    path = write(tmp_path, PATHS)
    mapping = {"case_id": "id", "order": "id", "path": "way"}
    assert refused(path, "missing-separator", mapping=mapping) == (
        "log.csv: the path column 'way' needs --path-separator, what stands between two holders."
    )
    mapping = {"case_id": "id", "path": "way"}
    assert refused(path, "missing-column", mapping=mapping, path_separator=">") == (
        "log.csv: cannot fill table 'cases', columns missing: opened or order. "
        "Map them with --map opened=COLUMN; the file has id, product, first, way. "
        "Where it has no such column, take the number of the row: --map order=#row."
    )
    path = write(tmp_path, "id,nr,way\nx,1," + "a/" * 1000 + "b\n")
    sentence = refused(
        path, "path-too-long", mapping={**mapping, "order": "nr"}, path_separator="/"
    )
    assert sentence == (
        "log.csv: row 1, column 'way' holds a path of 1001 holders, more than the 1000 allowed. "
        "Check --path-separator."
    )


def test_at_names_the_opening_of_a_case(tmp_path):
    text = "ticket,day,team\n1,2024-05-06T08:00:00Z,A\n"
    reading = read_one(write(tmp_path, text), kind="cases", mapping={"at": "day"})
    assert reading.mapping == {"case_id": "ticket", "opened": "day", "unit": "team"}
