import hashlib
import hmac
import random
import time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_rows import events, rows_of
from leitweg.domain.tables import TABLES
from leitweg.privacy.pseudonyms import canonical, pseudonym, pseudonymise
from leitweg.store.workspace_key import WorkspaceKey

KEY_BYTES = bytes(range(32))
KEY = WorkspaceKey(KEY_BYTES)


def test_a_pseudonym_is_the_keyed_hash_of_kind_and_canonical_id():
    expected = hmac.new(KEY_BYTES, b"person\x1fanna m\xc3\xbcller", hashlib.sha256).hexdigest()[:32]
    assert pseudonym("person", "  Anna \t MÜLLER", KEY) == f"p-{expected}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Müller", "anna mu\u0308ller"),
        ("STRASSE", "straße"),
        ("Ａnna", "anna"),
        (" a  b ", "a b"),
        ("a\u00a0b", "A B"),
    ],
)
def test_spellings_of_one_account_are_one(one, other):
    assert pseudonym("person", one, KEY) == pseudonym("person", other, KEY)


def test_kinds_and_keys_are_name_spaces_of_their_own():
    found = {pseudonym(kind, "17", KEY)[2:] for kind in ("person", "customer", "case", "message")}
    assert len(found) == 4
    assert pseudonym("person", "17", KEY) != pseudonym("person", "17", WorkspaceKey(bytes(32)))
    assert [pseudonym(k, "x", KEY)[:2] for k in ("person", "customer", "case", "message")] == [
        "p-",
        "c-",
        "v-",
        "m-",
    ]


@given(st.text())
def test_the_canonical_form_is_final(text):
    assert canonical(canonical(text)) == canonical(text)


def test_every_personal_column_is_replaced_and_nothing_else():
    given_tables = {
        "events": events(("V1", 1, "Anna", "Vertrieb"), ("V1", 2, "Bodo", "Service")),
        "cases": rows_of(
            "cases",
            case_id=["V1"],
            customer=["Kunde 1"],
            topic=["Rechnung"],
            channel=["mail"],
            attributes=[[("owner", "Anna")]],
        ),
        "people": rows_of("people", person=["Anna"], manager=["Bodo"], unit=["Vertrieb"]),
        "messages": rows_of(
            "messages",
            message=["<1@x>"],
            thread=["<0@x>"],
            reply_to=["<0@x>"],
            at_us=[1],
            sender=["Anna"],
            receiver=["Bodo"],
        ),
    }
    found = pseudonymise(given_tables, KEY)
    anna, bodo = pseudonym("person", "Anna", KEY), pseudonym("person", "Bodo", KEY)
    case = pseudonym("case", "V1", KEY)
    assert found["events"].select(["case_id", "at_us", "person", "unit"]).to_pylist() == [
        {"case_id": case, "at_us": 1, "person": anna, "unit": "Vertrieb"},
        {"case_id": case, "at_us": 2, "person": bodo, "unit": "Service"},
    ]
    (row,) = found["cases"].to_pylist()
    assert row["case_id"] == case
    assert row["customer"] == pseudonym("customer", "Kunde 1", KEY)
    assert (row["topic"], row["channel"]) == ("Rechnung", "mail")
    assert row["attributes"] is None
    (person,) = found["people"].to_pylist()
    assert (person["person"], person["manager"], person["unit"]) == (anna, bodo, "Vertrieb")
    (message,) = found["messages"].to_pylist()
    assert (message["sender"], message["receiver"]) == (anna, bodo)
    assert message["thread"] == message["reply_to"] == pseudonym("message", "<0@x>", KEY)
    # what came in is not changed
    assert given_tables["events"]["person"].to_pylist() == ["Anna", "Bodo"]
    for name, rows in found.items():
        assert rows.schema == TABLES[name].schema


def test_what_was_missing_stays_missing():
    given_rows = rows_of("events", case_id=["a", "b"], person=[None, "Anna"], seq=[0, 1])
    found = pseudonymise({"events": given_rows}, KEY)["events"]
    assert found["person"].to_pylist() == [None, pseudonym("person", "Anna", KEY)]
    empty = pseudonymise({"events": given_rows.slice(0, 0)}, KEY)["events"]
    assert empty.num_rows == 0


def test_columns_in_several_chunks_keep_their_rows():
    one = rows_of("events", case_id=["a", "b"], person=["x", "y"], seq=[0, 1])
    two = rows_of("events", case_id=["b", "c"], person=["y", None], seq=[2, 3])
    found = pseudonymise({"events": pa.concat_tables([one, two])}, KEY)["events"]
    assert found["case_id"].to_pylist() == [pseudonym("case", c, KEY) for c in "abbc"]
    x, y = (pseudonym("person", p, KEY) for p in "xy")
    assert found["person"].to_pylist() == [x, y, y, None]


def test_a_million_rows_with_a_hundred_thousand_ids_take_seconds_at_most():
    chance = random.Random(1)
    ids = [f"person-{number}@firma.example" for number in range(100_000)]
    rows = rows_of(
        "events",
        case_id=["a"] * 1_000_000,
        person=chance.choices(ids, k=1_000_000),
        seq=list(range(1_000_000)),
    )
    begin = time.process_time()
    found = pseudonymise({"events": rows}, KEY)["events"]
    # 0.5 s on an idle core; per row it would be several times as long
    assert time.process_time() - begin < 2.0
    assert found["person"][999_999].as_py() == pseudonym("person", rows["person"][-1].as_py(), KEY)
