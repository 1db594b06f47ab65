"""Asking many cases at once finds what asking them one by one finds."""

import numpy as np
import pytest
from router_fixture import history, planted

from leitweg.domain.progress import silent
from leitweg.routing.contexts import FIRST, HANDED, Kind
from leitweg.routing.experts import Experts
from leitweg.routing.first_lessons import fit_words, learn_before
from leitweg.routing.latest import WEIGHED, ask_latest
from leitweg.routing.rows import Rows

N, LATEST, TRAIN = 400, 250, 380
KINDS = [
    Kind((), -1),
    Kind(("topic",), 0),
    Kind(("topic", "country"), 1),
    Kind((FIRST,), 0),
    Kind((HANDED,), 0),
]
SHARES = {"Claims": 0.5, "Law": 0.3, "Nobody": 0.1}


def text_of(rows):
    words = {topic: k for k, topic in enumerate(dict.fromkeys(topic for topic, _, _ in rows))}
    return [[100 * words[topic] + k, 7, 8, 9 + k % 3] for k, (topic, _, _) in enumerate(rows)]


def prepared(rows, level, *, n_hours):
    """Return cases and experts that know those closed before the latest arrived."""
    with_text = history(rows, text=[sorted(t) for t in text_of(rows)], hours_open=n_hours)
    told = Rows(with_text, level, with_text.attributes)
    experts = Experts(KINDS, ())
    known = np.arange(N) < TRAIN
    before = np.flatnonzero(known & (told.known_at < told.asked_at[LATEST]))
    learn_before(told, experts, before)
    fit_words(told, experts, before, (), 0)
    return told, experts, known, before


@pytest.mark.parametrize("level", ["unit", "person"])
def test_many_at_once_are_as_one_by_one(level):
    rows = planted(N)
    told, experts, known, _ = prepared(rows, level, n_hours=9)
    shares = dict.fromkeys(range(N), SHARES) if level == "person" else {}
    latest = ask_latest(told, experts, known, LATEST, TRAIN, shares, silent)

    one, alone, known, before = prepared(rows, level, n_hours=9)
    waiting = sorted(
        [(int(one.asked_at[i]), 0, i) for i in range(LATEST, TRAIN)]
        + [(int(one.known_at[i]), 1, i) for i in np.flatnonzero(known) if i not in set(before)]
    )
    asked = []
    for at, is_lesson, i in waiting:
        first, right = one.first(i), one.contact(i)
        if is_lesson:
            values = {**one.values(i), FIRST: first}
            alone.learn(
                values, one.text_of(i), right, at, handed_by=one.others(i), unit=one.unit(i)
            )
            continue
        given = {"unit_shares": shares.get(i), "most": WEIGHED}
        values, holder = one.values(i), alone.code(first)
        known_first = {**values, FIRST: first}
        asked.append(alone.ask(known_first, one.text_of(i), first=holder, **given))
        if first != right:
            gone = np.array([holder], np.int32)
            asked.append(alone.ask({**values, HANDED: first}, one.text_of(i), gone=gone, **given))

    assert len(asked) == latest.case.size
    for a, single in enumerate(asked):
        place = slice(latest.found.begin[a], latest.found.end[a])
        names = [experts.contacts[c] for c in latest.found.contacts[place]]
        assert names == [alone.contacts[c] for c in single.contacts]
        assert np.allclose(latest.found.features[place], single.features, rtol=1e-5, atol=1e-5)
        right = one.contact(int(latest.case[a]))
        chosen = latest.chosen[a]
        assert (right in names) == (chosen >= 0)
        assert chosen < 0 or experts.contacts[latest.found.contacts[chosen]] == right
    assert experts.n_learnt == alone.n_learnt


def test_a_narrow_context_falls_back_on_the_wider_one():
    """Shares by hand: 3 of 4 bills were Claims; smoothed with two cases of the wider share."""
    experts = Experts([Kind((), -1), Kind(("topic",), 0)], ())
    for k, (topic, unit) in enumerate([("bill", "A"), ("bill", "A"), ("car", "B")]):
        experts.learn({"topic": topic}, None, unit, k)
    asked = experts.ask({"topic": "bill"}, None)
    names = [experts.contacts[c] for c in asked.contacts]
    # the half-life that never ends: 2 of 3, and 1 of 3, smoothed with five cases of 1 in (2 + 1)
    wide = {"A": (2 + 5 / 3) / 8, "B": (1 + 5 / 3) / 8}
    narrow = {"A": (2 + 2 * wide["A"]) / 4, "B": (0 + 2 * wide["B"]) / 4}
    for name, row in zip(names, asked.features, strict=True):
        assert np.exp(row[3]) == pytest.approx(wide[name], rel=1e-5)
        assert np.exp(row[10 + 3]) == pytest.approx(narrow[name], rel=1e-5)
