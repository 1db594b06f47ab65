"""Queries of Viva Insights: person to person, and group to group."""

from tabular_fixture import read_one, refused, rows, write

P2P = """
PrimaryCollaborator_PersonId,SecondaryCollaborator_PersonId,MetricDate,Diverse_tie_score,Strong_tie_score,PrimaryCollaborator_Organization,SecondaryCollaborator_Organization
p1,p2,2024-03-03,0.5,2.5,Sales,Grid
p2,p1,2024-03-03,0.5,1.5,Grid,Sales
p1,p2,2024-03-10,0.5,,Sales,Grid
p1,p3,2024-03-10,0.5,4,Service,
"""
G2G = """
PrimaryCollaborator_Organization,PrimaryCollaborator_GroupSize,SecondaryCollaborator_Organization,SecondaryCollaborator_GroupSize,MetricDate,Percent_Group_collaboration_time_invested,Group_collaboration_time_invested,Group_email_sent_count,Group_meeting_time_invested
Sales,137,Grid,40,2024-03-03,0.1,12.5,30,4
Sales,137,Within Group,137,2024-03-03,0.7,90,300,50
Sales,137,Other_collaborators,,2024-03-03,0.2,20,10,1
"""
OLD = """
TimeInvestors_Organization,Collaborators_Organization,Date,Meetings,Meeting_hours,Email_hours,Collaboration_hours
Sales,Grid,2024-03-03,3,2,1,3
"""


def test_a_person_to_person_query_gives_ties_and_units(tmp_path):
    reading = read_one(write(tmp_path, P2P))
    assert reading.kind == "ties"
    wanted = ("survey", "wave", "from", "to", "relation", "value", "level")
    assert rows(reading, "ties", *wanted) == [
        ("viva", None, "p1", "p2", "viva strong tie score", 2.5, None),
        ("viva", None, "p2", "p1", "viva strong tie score", 1.5, None),
        ("viva", None, "p1", "p3", "viva strong tie score", 4.0, None),
    ]
    assert sorted(rows(reading, "people", "person", "unit"), key=str) == [
        ("p1", "Service"),
        ("p2", "Grid"),
        ("p3", None),
    ]
    assert [(r.row, r.reason) for r in reading.rejects] == [(3, "the value is missing")]
    assert reading.rows_read == 4


def test_a_group_to_group_query_gives_ties_between_units(tmp_path):
    reading = read_one(write(tmp_path, G2G), kind="viva")
    wanted = ("from_unit", "to_unit", "from_people", "to_people", "value", "level", "relation")
    relation = "viva group collaboration time invested"
    assert rows(reading, "ties", *wanted) == [
        ("Sales", "Grid", 137, 40, 12.5, "unit", relation),
        ("Sales", "Sales", 137, 137, 90.0, "unit", relation),
    ]
    assert set(reading.tables) == {"ties"}
    assert reading.warnings[:2] == (
        "log.csv: recognised as Viva Insights group-to-group query.",
        "log.csv: 1 rows on collaborators of no named group were left out.",
    )


def test_workplace_analytics_and_another_metric(tmp_path):
    path = write(tmp_path, OLD, "week.csv")
    assert rows(read_one(path), "ties", "from", "to", "value", "relation") == [
        ("Sales", "Grid", 3.0, "viva collaboration hours")
    ]
    other = read_one(path, mapping={"value": "Meeting_hours"})
    assert rows(other, "ties", "value", "relation") == [(2.0, "week")]


def test_other_tables_are_refused_where_viva_is_asked_for(tmp_path):
    text = "PrimaryCollaborator_PersonId,SecondaryCollaborator_Organization\np1,x\n"
    sentence = refused(write(tmp_path, text), "not-viva", kind="viva")
    assert sentence.startswith("log.csv: this is no person-to-person or group-to-group query")
    refused(write(tmp_path, text), "unknown-kind")
