"""What the router sees of a text: spellings meet, compounds share parts, nothing tells an order."""

import os

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitweg.domain.routing import N_WORDS
from leitweg.privacy import text_features
from leitweg.privacy.text_features import (
    MOST_CHARACTERS,
    TextFeatures,
    features_under,
    new_numbers,
    parts_of,
    renumbered,
    tokens_of,
    words_of,
)
from leitweg.store.workspace_key import WorkspaceKey, exchanged

FEATURES = TextFeatures(b"a key for tests")


def words(text):
    numbers = FEATURES.of(text)
    return numbers[numbers < N_WORDS].tolist()


def parts(text):
    numbers = FEATURES.of(text)
    return set(numbers[numbers >= N_WORDS].tolist())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Störung", "STOERUNG"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("Sto\u0308rung", "Störung"),
        ("ﬁle", "file"),
        ("Fehler,in:der (Rechnung)!", "fehler in der rechnung"),
        ("mail an anna@x.example", "mail an bodo.b+x@y.example"),
        ("INC0012345", "INC0054321"),
        ("https://x.example/help?user=7#top", "https://x.example/help?user=8"),
        ("ftp://anna:secret@x.example/a", "x.example a"),
        ("id 0b9f1c4e77a2", "id 77a20b9f1c4e"),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("Sehr geehrtes Team,\\n\\nich", "Sehr geehrtes Team, ich"),
        ("order of words", "words of order"),
    ],
)
def test_spellings_that_mean_the_same_meet(one, other):
    assert FEATURES.of(one).tolist() == FEATURES.of(other).tolist()
    assert FEATURES.of(one).size > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("404", "500"), ("123456", "1234567"), ("Störung", "Storung"), ("rot", "Rat"), ("a_b", "a c")],
)
def test_what_means_something_else_stays_apart(one, other):
    assert words(one) != words(other)


def test_a_compound_shares_parts_with_what_it_is_made_of():
    shared = parts("Rechnungsstelle") & parts("Rechnung")
    # in ' rechnung', its edge before it: 7 runs of three letters, 6 of four, 5 of five
    assert len(shared) == 7 + 6 + 5
    assert not set(words("Rechnungsstelle")) & set(words("Rechnung"))
    assert len(parts("Rechnungsstelle") & parts("Telefon")) <= 1
    assert len(parts("payments") & parts("prepayment")) >= 12


def test_parts_are_all_runs_of_three_to_five_letters_with_the_edges():
    assert parts_of("rad") == [" ra", "rad", "ad ", " rad", "rad ", " rad "]
    assert len(parts_of("rechnung")) == 8 + 7 + 6
    assert len(parts("rechnung")) == 21


def test_a_name_of_several_words_is_one_and_all_of_them():
    assert words_of("NullPointerException") == (
        ["nullpointerexception", "null", "pointer", "exception"],
        ["null", "pointer", "exception"],
    )
    assert words_of("org.apache.Foo")[0] == ["org.apache.foo", "org", "apache", "foo"]
    assert words_of("HTTPServer")[0] == ["httpserver", "http", "server"]
    assert words_of("max_heap_size")[0] == ["max_heap_size", "max", "heap", "size"]
    assert words_of("MwSt")[0] == ["mwst", "mw", "st"]
    assert set(words("pointer exception")) <= set(words("NullPointerException"))


def test_a_word_counts_as_often_as_it_stands_there():
    assert words("again and again").count(words("again")[0]) == 2
    numbers = FEATURES.of("again again")
    assert numbers.tolist() == sorted(FEATURES.of("again").tolist() * 2)


def test_numbers_stand_in_two_ranges():
    numbers = FEATURES.of("Guten Tag, meine Rechnung 2024 stimmt nicht.")
    assert numbers.dtype == np.int32
    assert numbers.tolist() == sorted(numbers.tolist())
    assert numbers.min() >= 0
    assert numbers.max() < 2 * N_WORDS
    assert len(words("Guten Tag, meine Rechnung 2024 stimmt nicht.")) == 7


def test_another_key_gives_other_numbers():
    one, other = (TextFeatures(key).of("Rechnung für Kunden") for key in (b"one", b"other"))
    assert not set(one.tolist()) & set(other.tolist())
    assert one.tolist() == TextFeatures(b"one").of("Rechnung für Kunden").tolist()


def test_a_mark_cannot_be_written_by_a_text():
    assert words("\x01mail") == words("mail")
    assert words("anna@x.example") != words("mail")


@pytest.mark.parametrize("text", ["", "   \n", "…!?", "😀", "\x00", "_"])
def test_a_text_without_words_has_no_numbers(text):
    assert FEATURES.of(text).tolist() == []


def test_a_megabyte_is_looked_at_up_to_its_bound():
    text = "Rechnung " * 120_000
    assert len(text) > 1_000_000
    assert FEATURES.of(text).tolist() == FEATURES.of(text[:MOST_CHARACTERS]).tolist()
    assert len(words(text)) == MOST_CHARACTERS // len("Rechnung ") + 1


def test_what_is_remembered_is_bounded_and_changes_no_answer(monkeypatch):
    monkeypatch.setattr(text_features, "_MOST_TOKENS", 3)
    monkeypatch.setattr(text_features, "_MOST_PARTS", 5)
    small = TextFeatures(b"a key for tests")
    text = "eins zwei drei vier fünf eins " + "x" * 500
    assert small.of(text).tolist() == FEATURES.of(text).tolist()
    assert len(small._tokens) <= 3
    assert len(small._parts) <= 5


def test_many_texts_are_rows():
    found = FEATURES.of_many(["Rechnung", None, "", "Wagen defekt"])
    assert [found.row(i).tolist() for i in range(4)] == [
        FEATURES.of("Rechnung").tolist(),
        [],
        [],
        FEATURES.of("Wagen defekt").tolist(),
    ]
    assert FEATURES.of_many([]).offsets.tolist() == [0]


def test_a_column_tells_no_text_from_an_empty_one():
    column = FEATURES.of_column(pa.chunked_array([["Rechnung", None], [""]]))
    assert column.to_pylist() == [FEATURES.of("Rechnung").tolist(), None, []]


@given(st.text(max_size=300))
def test_the_order_of_lines_leaves_no_trace(text):
    there = FEATURES.of(f"{text}\nRechnung")
    back = FEATURES.of(f"Rechnung\n{text}")
    assert there.tolist() == back.tolist()
    assert np.isin(FEATURES.of("Rechnung"), there).all()


# the exchange of keys


@pytest.fixture
def keys():
    old = WorkspaceKey(b"h" * 32)
    new, _ = exchanged(old, os.urandom(32))
    newer, _ = exchanged(new, os.urandom(32))
    return old, new, newer


TEXTS = ["Rechnung falsch, Rechnung doppelt", "Wagen defekt", "", None]


def stored(key):
    return pa.chunked_array([features_under(key).of_column(pa.chunked_array([TEXTS]))])


def test_stored_numbers_become_those_of_the_new_key(keys):
    old, new, newer = keys
    assert renumbered(stored(old), old, new).to_pylist() == stored(new).to_pylist()
    assert renumbered(stored(new), new, newer).to_pylist() == stored(newer).to_pylist()
    assert renumbered(stored(old), old, old).to_pylist() == stored(old).to_pylist()


def test_the_new_numbers_are_others_and_stay_apart(keys):
    old, new, _ = keys
    numbers = new_numbers(old, new)
    assert sorted(numbers[:N_WORDS].tolist()) == list(range(N_WORDS))
    assert sorted(numbers[N_WORDS:].tolist()) == list(range(N_WORDS, 2 * N_WORDS))
    assert (numbers == np.arange(2 * N_WORDS)).mean() < 0.001
    before, after = (set(column[0].as_py()) for column in (stored(old), stored(new)))
    assert len(before & after) <= 1


def test_an_open_workspace_hashes_with_what_everybody_knows():
    assert (
        features_under(None).of("Rechnung").tolist() == features_under(None).of("RECHNUNG").tolist()
    )
    protected = features_under(WorkspaceKey(b"h" * 32)).of("Rechnung").tolist()
    assert features_under(None).of("Rechnung").tolist() != protected


def test_tokens_keep_names_whole_and_drop_addresses():
    assert tokens_of("Bitte an anna@x.example: org.apache.Foo und C-3PO") == [
        *("Bitte", "an", "org.apache.Foo", "und", "C", "3PO"),
        "\x01mail",
    ]
