"""XES logs with planted values, broken ones, and the public logs where they are at hand."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitweg.domain.errors import SourceError
from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import silent
from leitweg.domain.tables import CASES, EVENTS
from leitweg.sources.opening import open_source
from leitweg.sources.xes import read_xes
from leitweg.sources.xes_stream import is_xes

DATA = (Path(__file__).parents[2] / "../shared/data").resolve()
NOW_US = 1_800_000_000_000_000
NOON_US = 1_709_294_400_000_000  # 2024-03-01T12:00:00Z

Event = dict[str, str]
Trace = tuple[dict[str, str], list[Event]]


def element(tag: str, attributes: dict[str, str]) -> str:
    return "".join(
        f"<{tag} key={quoteattr(k)} value={quoteattr(v)}/>" for k, v in attributes.items()
    )


def log_of(*traces: Trace, namespace: str = ' xmlns="http://www.xes-standard.org/"') -> str:
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0"{namespace}>\n']
    for attributes, events in traces:
        inner = "\n".join(f"<event>{element('string', e)}</event>" for e in events)
        parts.append(f"<trace>{element('string', attributes)}\n{inner}</trace>\n")
    return "".join([*parts, "</log>"])


def event(at: str = "2024-03-01T12:00:00Z", person: str = "Ann", **others: str) -> Event:
    named = {"concept:name": "Check", "org:resource": person, "time:timestamp": at}
    return {**named, **{key.replace("__", ":"): value for key, value in others.items()}}


def one_case(*events: Event) -> str:
    return log_of(({"concept:name": "c1"}, list(events)))


def read(folder: Path, text: str | bytes, **options: object) -> Reading:
    path = folder / "log.xes"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (source,) = open_source(path)
    return read_xes(source, ImportOptions(**options), silent, now_us=NOW_US)  # type: ignore[arg-type]


def refusal(folder: Path, text: str | bytes, **options: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(folder, text, **options)
    assert caught.value.detail.endswith(".")
    assert caught.value.detail.startswith("log.xes: ")
    return caught.value


def test_planted_events_and_cases(tmp_path: Path) -> None:
    first = event("2024-03-01T13:00:00.250+01:00", "Ann", org__group="Claims", product="Car")
    second = event("2024-03-01T12:30:00Z", "Bob", org__group="Fraud", product="House")
    text = log_of(
        ({"concept:name": "c1", "channel": "mail", "region": "north"}, [first, second]),
        ({"concept:name": "c2", "channel": "phone"}, [event("2024-03-02T00:00:00+0000", "Ann")]),
    )
    reading = read(tmp_path, text)
    assert (reading.kind, reading.rows_read, reading.rejects) == ("xes", 3, ())
    events, cases = reading.tables["events"], reading.tables["cases"]
    assert events.schema == EVENTS.schema
    assert cases.schema == CASES.schema
    assert events["case_id"].to_pylist() == ["c1", "c1", "c2"]
    assert events["person"].to_pylist() == ["Ann", "Bob", "Ann"]
    assert events["unit"].to_pylist() == ["Claims", "Fraud", None]
    assert events["at_us"].to_pylist() == [
        NOON_US + 250_000,
        NOON_US + 1_800_000_000,
        NOON_US + 43_200_000_000,
    ]
    assert events["seq"].to_pylist() == sorted(events["seq"].to_pylist())
    assert cases["case_id"].to_pylist() == ["c1", "c2"]
    assert cases["topic"].to_pylist() == ["Car", None]
    assert cases["channel"].to_pylist() == ["mail", "phone"]
    assert cases["attributes"].to_pylist() == [[("case:region", "north")], []]
    assert reading.mapping["person"] == "org:resource"
    assert reading.mapping["topic"] == "product"


def test_log_without_namespace_or_with_prefix(tmp_path: Path) -> None:
    assert read(tmp_path, log_of(({"concept:name": "c"}, [event()]), namespace="")).rows_read == 1
    prefixed = (
        '<x:log xmlns:x="http://www.xes-standard.org/"><x:trace>'
        '<x:string key="concept:name" value="c"/><x:event>'
        '<x:string key="org:resource" value="Ann"/></x:event></x:trace></x:log>'
    )
    assert read(tmp_path, prefixed).tables["events"]["person"].to_pylist() == ["Ann"]


def test_nested_attributes_lists_and_comments_do_not_shift_values(tmp_path: Path) -> None:
    text = one_case(event()).replace(
        '<string key="org:resource" value="Ann"/>',
        '<!-- c --><string key="org:resource" value="Ann"><string key="x" value="inner"/></string>'
        '<list key="l"><values><string key="y" value="in list"/></values></list><?pi z?>',
    )
    reading = read(tmp_path, text)
    assert reading.tables["events"]["person"].to_pylist() == ["Ann"]
    assert reading.tables["events"]["activity"].to_pylist() == ["Check"]
    assert reading.attributes == ()


def test_start_and_complete_become_one_event(tmp_path: Path) -> None:
    life = "lifecycle:transition"
    text = one_case(
        event("2024-03-01T08:00:00Z", **{life: "start"}),
        event("2024-03-01T09:00:00Z", **{life: "start", "concept:name": "Other"}),
        event("2024-03-01T10:00:00Z", **{life: "complete"}),
        event("2024-03-01T11:00:00Z", "Bob", **{life: "complete", "concept:name": "Other"}),
    )
    events = read(tmp_path, text).tables["events"]
    hours = [
        None if us is None else (us - NOON_US) / 3.6e9 for us in events["started_us"].to_pylist()
    ]
    # 'Other' was begun by Ann and completed by Bob: two events, for the work was handed over
    assert hours == [None, -4.0, None]
    assert events["activity"].to_pylist() == ["Other", "Check", "Other"]
    assert events["person"].to_pylist() == ["Ann", "Ann", "Bob"]


def test_instances_tell_equal_activities_apart(tmp_path: Path) -> None:
    life = {"lifecycle:transition": "start"}
    done = {"lifecycle:transition": "complete"}
    text = one_case(
        event("2024-03-01T08:00:00Z", **life, concept__instance="1"),
        event("2024-03-01T09:00:00Z", **life, concept__instance="2"),
        event("2024-03-01T10:00:00Z", **done, concept__instance="2"),
        event("2024-03-01T11:00:00Z", **done, concept__instance="1"),
    )
    events = read(tmp_path, text).tables["events"]
    spans = pc.subtract(events["at_us"], events["started_us"]).to_pylist()
    assert [span / 3.6e9 for span in spans] == [1.0, 3.0]


def test_end_before_start_is_rejected_with_its_row(tmp_path: Path) -> None:
    text = one_case(
        event("2024-03-01T12:00:00Z", **{"lifecycle:transition": "start"}),
        event("2024-03-01T11:00:00Z", **{"lifecycle:transition": "complete"}),
        event("2024-03-01T13:00:00Z", **{"lifecycle:transition": "complete"}),
    )
    reading = read(tmp_path, text)
    assert [(r.row, r.reason) for r in reading.rejects] == [(2, "it starts after it ends")]
    assert reading.tables["events"].num_rows == 1


def test_dates_of_1970_and_in_the_future_are_rejected(tmp_path: Path) -> None:
    text = one_case(
        event("1970-01-01T00:00:00+01:00"),
        event("2099-01-01T00:00:00Z"),
        *[event() for _ in range(5)],
    )
    reading = read(tmp_path, text)
    assert [r.row for r in reading.rejects] == [1, 2]
    assert "1980" in reading.rejects[0].reason
    assert "future" in reading.rejects[1].reason
    assert reading.tables["events"].num_rows == 5


def test_naive_and_mixed_times(tmp_path: Path) -> None:
    naive, zoned = event("2024-03-01T13:00:00"), event()
    assert refusal(tmp_path, one_case(naive)).code == "naive-time"
    assert refusal(tmp_path, one_case(naive, zoned)).code == "mixed-time-zones"
    reading = read(tmp_path, one_case(naive), time_zone="Europe/Berlin")
    assert reading.tables["events"]["at_us"].to_pylist() == [NOON_US]


def test_log_without_times_has_an_order_only(tmp_path: Path) -> None:
    text = log_of(({"concept:name": "c"}, [{"org:resource": p} for p in "BA"]))
    reading = read(tmp_path, text)
    events = reading.tables["events"]
    assert events["at_us"].to_pylist() == [None, None]
    assert events["seq"].to_pylist() == [1, 2]
    assert any("order only" in warning for warning in reading.warnings)


def test_unnamed_traces_get_stable_ids(tmp_path: Path) -> None:
    unnamed: list[Trace] = [({}, [event(person=person)]) for person in ("Ann", "Bob", "Ann")]
    reading = read(tmp_path, log_of(*unnamed))
    ids = reading.tables["cases"]["case_id"].to_pylist()
    assert ids[2] == ids[0] + "-2"
    assert ids[1] not in ids[::2]
    assert any("3 traces have no 'concept:name'" in warning for warning in reading.warnings)
    again = read(tmp_path, log_of(unnamed[1], unnamed[0]))
    assert again.tables["cases"]["case_id"].to_pylist() == [ids[1], ids[0]]


def test_duplicate_cases_are_refused_by_name(tmp_path: Path) -> None:
    case = ({"concept:name": "c7"}, [event()])
    error = refusal(tmp_path, log_of(case, case))
    assert (error.code, error.fields["cases"]) == ("duplicate-case", ["c7"])


def test_empty_traces_are_told(tmp_path: Path) -> None:
    reading = read(
        tmp_path, log_of(({"concept:name": "a"}, []), ({"concept:name": "b"}, [event()]))
    )
    assert reading.tables["cases"]["case_id"].to_pylist() == ["b"]
    assert any("1 traces hold no event" in warning for warning in reading.warnings)


def test_log_without_resources_says_what_there_is(tmp_path: Path) -> None:
    lone = {"concept:name": "Check", "time:timestamp": "2024-03-01T12:00:00Z", "org:role": "Clerk"}
    error = refusal(tmp_path, one_case(lone))
    assert error.code == "missing-column"
    assert "org:role" in error.detail
    assert "--map unit=ATTRIBUTE" in error.detail
    reading = read(tmp_path, one_case(lone), mapping={"unit": "org:role"})
    assert reading.tables["events"]["unit"].to_pylist() == ["Clerk"]


def test_resources_that_are_all_missing_are_none(tmp_path: Path) -> None:
    assert refusal(tmp_path, one_case(event(person=" "))).code == "missing-column"
    assert refusal(tmp_path, one_case(event(person="?")), missing=("?",)).code == "missing-column"


def test_marks_and_machines_are_proposed(tmp_path: Path) -> None:
    reading = read(tmp_path, one_case(event(person="?"), event(person="Siebel"), event()))
    assert reading.missing_proposals == {"org:resource": ("?",)}
    assert reading.machine_proposals == ("Siebel",)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<log><trace><string key="concept:name" value="&b;"/></trace></log>'
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE log SYSTEM "file:///etc/passwd">'
    '<log><trace><string key="concept:name" value="c"/></trace></log>'
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "xml-entities"),
        (EXTERNAL, "xml-entities"),
        ("<!--" + "x" * 70_000 + "-->" + EXTERNAL[21:], "xml-entities"),
        (BOMB.encode("utf-16"), "xml-entities"),
        ("<html><body/></html>", "not-xes"),
        ("case;activity\n1;a\n", "not-xes"),
        (bytes(range(1, 256)) * 40, "not-xes"),
        ("<log></log>", "no-traces"),
        ("<log><trace/></log>", "no-traces"),
        ("<log><trace><string key='a' value='&nope;'/></trace></log>", "broken-xml"),
        ("<log><trace></event></log>", "broken-xml"),
        (b"<log><trace>" + bytes(range(256)), "broken-xml"),
    ],
)
def test_bad_logs_are_refused_by_one_sentence(tmp_path: Path, text: str | bytes, code: str) -> None:
    assert refusal(tmp_path, text).code == code


def test_broken_xml_names_the_line(tmp_path: Path) -> None:
    lines = one_case(event(), event()).replace("</event>", "", 1)
    error = refusal(tmp_path, lines)
    assert error.code == "broken-xml"
    assert error.fields["line"] == 5
    assert "line 5" in error.detail


def test_cut_off_xml_and_cut_off_gzip(tmp_path: Path) -> None:
    whole = one_case(*[event(person=f"p{i * i}") for i in range(10_000)])
    assert refusal(tmp_path, whole[:-200]).code == "broken-xml"
    path = tmp_path / "cut.xes.gz"
    path.write_bytes(gzip.compress(whole.encode())[:-60])
    (source,) = open_source(path)
    with pytest.raises(SourceError) as caught:
        read_xes(source, ImportOptions(), silent)
    assert caught.value.code == "truncated-file"
    assert int(str(caught.value.fields["at_byte"])) > 1_000_000


@pytest.mark.parametrize("size", [1_100_000, 10_500_000])
def test_huge_field_is_refused(tmp_path: Path, size: int) -> None:
    error = refusal(tmp_path, one_case(event(note="x" * size)))
    assert error.code == "field-too-large"


def test_external_entity_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("planted-secret")
    text = (
        f'<!DOCTYPE log [<!ENTITY s SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
        "<log><trace><string key='concept:name' value='c'/><event>"
        "<string key='org:resource' value='a'>&s;</string></event></trace></log>"
    )
    error = refusal(tmp_path, text)
    assert error.code == "xml-entities"
    assert "planted-secret" not in error.detail


def test_kind_is_told_by_the_first_element() -> None:
    assert is_xes(b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <x> -->\n<log xes.version='1.0'>")
    assert is_xes("<?xml version='1.0'?><log>".encode("utf-16"))
    assert not is_xes(b"<logs>")
    assert not is_xes(b"From: a\n")


def test_progress_tells_bytes(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_text(one_case(*[event() for _ in range(2000)]))
    told: list[tuple[int, int]] = []
    (source,) = open_source(path)
    read_xes(source, ImportOptions(), lambda _, done, total: told.append((done, total)))
    size = path.stat().st_size
    assert told[-1] == (size, size)
    assert len(told) > 3


NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=8)
LOGS = st.dictionaries(
    NAMES.filter(lambda n: n.lower() not in ("na", "nan", "null")),
    st.lists(st.tuples(NAMES, st.integers(1_500_000_000, 1_700_000_000)), min_size=1, max_size=5),
    min_size=1,
    max_size=5,
)


@given(LOGS)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, log: dict[str, list[tuple[str, int]]]
) -> None:
    expected = [(c, f"p{who}", at * 1_000_000) for c, rows in log.items() for who, at in rows]
    text = log_of(
        *(
            (
                {"concept:name": case},
                [
                    {
                        "org:resource": f"p{who}",
                        "time:timestamp": datetime.fromtimestamp(at, UTC).isoformat(),
                    }
                    for who, at in rows
                ],
            )
            for case, rows in log.items()
        )
    )
    events = read(tmp_path_factory.mktemp("xes"), text).tables["events"]
    columns = (events[name].to_pylist() for name in ("case_id", "person", "at_us"))
    assert list(zip(*columns, strict=True)) == expected


@pytest.mark.skipif(not DATA.exists(), reason="public logs are not at hand (../shared/data)")
@pytest.mark.parametrize(
    ("log", "cases", "events", "people", "units"),
    [
        ("volvo-incidents/bpic2013_incidents.xes.gz", 7554, 65533, 1440, 649),
        ("helpdesk/helpdesk.xes.gz", 4580, 21348, 22, 0),
        ("receipt/receipt.xes.gz", 1434, 8577, 48, 10),
    ],
)
def test_public_logs(log: str, cases: int, events: int, people: int, units: int) -> None:
    (source,) = open_source(DATA / log)
    reading = read_xes(source, ImportOptions(), silent, now_us=NOW_US)
    table = reading.tables["events"]
    assert reading.tables["cases"].num_rows == cases
    assert table.num_rows == reading.rows_read == events
    assert pc.count_distinct(table["person"]).as_py() == people
    assert pc.count_distinct(table["unit"]).as_py() == units
    assert "Siebel" in reading.machine_proposals or "volvo" not in log
