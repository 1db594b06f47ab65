"""The router finds planted contacts, knows what it does not know, and never looks ahead."""

from dataclasses import replace

import numpy as np
import pytest
from router_fixture import HOUR_US, coded, history, planted

from leitweg.domain.errors import QuestionError
from leitweg.domain.routing import Closed, Coded, Request
from leitweg.routing.backtest import backtest
from leitweg.routing.fit import fit, fit_rows, rows_for
from leitweg.routing.router import Router


@pytest.fixture(scope="module")
def router():
    return fit(history(planted(1500)), level="unit")


def probabilities(ranking):
    return {c.contact: c.probability for c in ranking.candidates}


def test_finds_the_planted_units_with_calibrated_probabilities(router):
    # nine of ten by rule and a third of the tenth by chance: 0.933
    for topic, country, unit in (
        ("bill", "de", "Bills"),
        ("bill", "at", "Law"),
        ("damage", "at", "Claims"),
    ):
        ranking = router.rank(Request(attributes={"topic": topic, "country": country}))
        assert ranking.candidates[0].contact == unit
        assert ranking.candidates[0].probability == pytest.approx(0.933, abs=0.08)
        assert not ranking.abstain


def test_one_attribute_alone_leaves_it_undecided(router):
    found = probabilities(router.rank(Request(attributes={"topic": "bill"}), top=4))
    assert found["Bills"] == pytest.approx(found["Law"], abs=0.15)
    assert router.rank(Request(attributes={"topic": "bill"})).abstain


def test_probabilities_and_someone_new_add_up_to_one(router):
    ranking = router.rank(Request(attributes={"topic": "bill", "country": "de"}), top=100)
    assert sum(probabilities(ranking).values()) + ranking.someone_new == pytest.approx(1.0)


def test_a_value_never_seen_falls_back_on_what_is_known(router):
    known = router.rank(Request(attributes={"topic": "damage"}))
    strange = router.rank(Request(attributes={"topic": "damage", "country": "xx"}))
    assert strange.candidates[0].contact == known.candidates[0].contact == "Claims"


def test_tried_contacts_are_left_out_and_the_way_counts(router):
    attributes = {"topic": "bill", "country": "de"}
    ranking = router.rank(Request(attributes=attributes, tried=("Front",)), top=10)
    assert ranking.candidates[0].contact == "Bills"
    without = router.rank(Request(attributes=attributes, tried=("Bills",)), top=10)
    assert "Bills" not in probabilities(without)


def test_only_allowed_contacts_are_listed_and_strangers_share_the_rest(router):
    request = Request(attributes={"topic": "bill", "country": "de"})
    ranking = router.rank(request, allowed=["Claims", "Law", "Nobody yet"], top=5)
    assert set(probabilities(ranking)) == {"Claims", "Law", "Nobody yet"}
    # the likely contact is not on the list: its probability goes to someone else
    assert ranking.someone_new > 0.8
    assert ranking.abstain
    # whoever never resolved anything is no likelier than everybody else of whom nothing speaks
    unseen = router.ask(request, "arrival")[2]
    others = len(router.contacts) - router.ask(request, "arrival")[0].contacts.size
    assert probabilities(ranking)["Nobody yet"] == pytest.approx(unseen / (2 + others))


def test_a_request_that_says_nothing_is_left_to_a_human(router):
    assert router.rank(Request()).abstain
    assert router.rank(Request(attributes={"topic": "never seen"})).abstain
    sure = router.rank(Request(attributes={"topic": "bill", "country": "de"}))
    assert not sure.abstain
    assert sure.candidates[0].probability > sure.someone_new


def test_reasons_count_the_cases_behind(router):
    rows = planted(1500)
    ranking = router.rank(Request(attributes={"topic": "bill", "country": "de"}))
    reasons = {tuple(sorted(e.values)): e for e in ranking.candidates[0].reasons}
    both = reasons["country", "topic"]
    own = [path[-1] for topic, country, path in rows if (topic, country) == ("bill", "de")]
    assert (both.kind, both.cases, both.resolved) == ("attributes", len(own), own.count("Bills"))
    last = max(i for i, r in enumerate(rows) if r[:2] == ("bill", "de") and r[2][-1] == "Bills")
    assert both.last_us == (last + 2) * HOUR_US


def test_learns_a_new_contact_at_once(router):
    learning = Router.from_state(router.state())
    request = Request(attributes={"topic": "bill", "country": "de"})
    for k in range(60):
        learning.close(Closed(request, "Newcomers", 10**15 + k))
    assert probabilities(learning.rank(request))["Newcomers"] > 0.1
    assert "Newcomers" not in probabilities(router.rank(request, top=100))
    assert learning.n_learnt == router.n_learnt + 60


def test_a_handover_teaches_where_a_contact_hands_on():
    # whoever hands on decides alone where a case ends: Post in Claims, Gate in Bills
    ends = {"Post": "Claims", "Gate": "Bills", "Desk": "Law"}
    rng = np.random.default_rng(5)
    firsts = [str(rng.choice(list(ends))) for _ in range(900)]
    learning = fit(history([("any", "de", (f, ends[f])) for f in firsts]), level="unit")
    request = Request(attributes={"topic": "any"}, tried=("Hall",))
    for _ in range(40):
        learning.hand_over(replace(request, tried=()), "Hall", "Bills")
    best = learning.rank(request).candidates[0]
    assert best.contact == "Bills"
    handed = next(e for e in best.reasons if e.kind == "handed")
    assert (handed.values["from"], handed.resolved, handed.cases) == ("Hall", 40, 40)


@pytest.mark.parametrize("level", ["unit", "person"])
def test_state_gives_the_same_answers(level):
    router = fit(history(planted(400)), level=level)
    again = Router.from_state(router.state())
    for tried in ((), (router.contacts[0],)):
        request = Request(attributes={"topic": "bill", "country": "at"}, tried=tried)
        assert again.rank(request, top=10) == router.rank(request, top=10)


def test_person_follows_the_likely_unit():
    router = fit(history(planted(1200)), level="person")
    ranking = router.rank(Request(attributes={"topic": "damage", "country": "de"}))
    assert all(c.contact.startswith("Claims-") for c in ranking.candidates)
    # three people take the cases of a unit, nine in ten of which are theirs
    assert sum(c.probability for c in ranking.candidates) == pytest.approx(0.93, abs=0.05)
    assert ranking.candidates[0].probability < 0.5


def test_a_closing_by_persons_teaches_units_no_way_of_persons():
    router = fit(history(planted(400)), level="person")
    request = Request(
        attributes={"topic": "bill", "country": "de"}, first_contact="Law-1", tried=("Law-2",)
    )
    router.close(Closed(request, "Bills-1", 10**15, unit="Bills"))
    known = router.unit_router.experts.encoder.known
    assert not any({"Law-1", "Law-2"} & set(values) for _, values in known)
    assert router.unit_router.n_learnt == 401


def test_words_point_to_contacts():
    rng = np.random.default_rng(1)
    rows, texts = [], []
    for _ in range(600):
        unit = str(rng.choice(["Claims", "Bills", "Law"]))
        own = {"Claims": 10, "Bills": 20, "Law": 30}[unit]
        words = rng.choice(np.arange(own, own + 8), 4).tolist() + rng.choice(200, 6).tolist()
        texts.append(sorted(words + [262144 + w for w in words]))
        rows.append(("any", "de", (unit,)))
    router = fit(history(rows, text=texts), level="unit")
    text = np.array([20, 22, 25, 262164, 262166], np.int32)
    ranking = router.rank(Request(text=text))
    assert ranking.candidates[0].contact == "Bills"
    assert ranking.candidates[0].probability > 0.8
    assert {"words", "similar"} & {e.kind for e in ranking.candidates[0].reasons}
    assert all(case.startswith("case") for case in ranking.candidates[0].similar)


def test_backtest_judges_what_was_planted():
    found = backtest(history(planted(2000)), level="unit", labels="immediate")
    assert (found.n_train, found.n_test) == (1600, 400)
    assert found.scores.top1 == pytest.approx(0.933, abs=0.035)
    assert found.scores.human_top1 == pytest.approx(0.8, abs=0.05)
    assert found.scores.ece < 0.05
    assert found.baselines["popularity"]["top1"] == pytest.approx(0.5, abs=0.1)
    assert sum(part.scores.n for part in found.drift) == 400


def test_tossed_only_judges_cases_that_were_handed_on():
    rows = planted(2000)
    found = backtest(history(rows), level="unit", labels="immediate", tossed_only=True)
    assert found.n_test == sum(len(path) > 1 for _, _, path in rows[1600:])
    assert found.scores.human_top1 == 0.0
    assert found.scores.k3 < 1.0


def test_known_labels_wait_for_the_closing():
    # each topic belongs to a unit for 100 cases only; cases are open for 300 hours
    rows = [("bill", "de", ((*"ABCDEFGHIJ",)[i // 100],)) for i in range(1000)]
    at_once = backtest(history(rows, hours_open=300), level="unit", labels="immediate")
    known = backtest(history(rows, hours_open=300), level="unit", labels="known")
    assert at_once.scores.top1 > 0.9
    assert known.scores.top1 == 0.0


@pytest.mark.parametrize("labels", ["known", "immediate"])
@pytest.mark.parametrize("level", ["unit", "person"])
def test_the_future_changes_no_answer(labels, level):
    rows = planted(800)
    whole = history(rows, hours_open=5)
    cut = 700
    rng = np.random.default_rng(2)
    order = np.concatenate([np.arange(cut), cut + rng.permutation(100)])
    shuffled = history([rows[i] for i in order], hours_open=5)
    # the cases judged first must not know what those after them hold
    one = backtest(whole, level=level, labels=labels, train_share=0.75)
    other = backtest(shuffled, level=level, labels=labels, train_share=0.75)
    assert one.judged.probability[: cut - 600] == other.judged.probability[: cut - 600]
    assert one.judged.suggested[: cut - 600] == other.judged.suggested[: cut - 600]


def test_a_case_that_is_open_weighs_nothing():
    whole = history(planted(1200))
    closed = whole.closed.copy()
    # of the last thousand that train, every third is still open when the first is judged
    open_rows = np.arange(1, 1000, 3)
    closed[open_rows] = whole.closed[-1] + open_rows
    whole = replace(whole, closed=closed)
    codes = whole.unit.codes.copy()
    codes[open_rows] = (codes[open_rows] + 1) % len(whole.unit.labels)
    other = replace(whole, unit=Coded(codes, whole.unit.labels))
    one, two = (
        fit_rows(rows_for(h, "unit", train=1000), "unit", train=1000) for h in (whole, other)
    )
    # the last one closes in the very moment in which the next arrives
    assert one.n_learnt == 999 - open_rows.size
    for name, head in one.heads.items():
        assert np.array_equal(head.weights.per_unit, two.heads[name].weights.per_unit)
        assert head.calibration.temperature == two.heads[name].calibration.temperature


@pytest.mark.parametrize("way", ["one after the other", "all at the end", "the last ones first"])
def test_when_cases_were_closed_does_not_change_how_sure_the_router_is(way):
    whole = history(planted(1200))
    end = int(whole.closed.max())
    order = np.arange(whole.n_cases)
    closed = {
        "one after the other": whole.closed,
        "all at the end": end + order,
        "the last ones first": end + order[::-1],
    }[way]
    at_once, late = (
        fit(replace(whole, closed=times), level="unit") for times in (whole.opened + 1, closed)
    )
    for values in ({"topic": "bill", "country": "de"}, {"topic": "damage"}, {"country": "at"}):
        request = Request(None, values)
        sure, found = (router.rank(request).candidates[0] for router in (at_once, late))
        assert found.contact == sure.contact
        assert found.probability == pytest.approx(sure.probability, abs=1e-9)


def test_a_reason_tells_the_latest_closing_whatever_was_asked_first():
    whole = history(planted(1200))
    closed = int(whole.closed.max()) + np.arange(whole.n_cases)[::-1].astype(np.int64)
    router = fit(replace(whole, closed=closed), level="unit")
    values = {"topic": "damage", "country": "de"}
    best = router.rank(Request(None, values)).candidates[0]
    resolved = whole.unit.codes == whole.unit.labels.index(best.contact)
    for name, value in values.items():
        column = whole.attributes[name]
        resolved &= column.codes == column.labels.index(value)
    assert best.reasons[0].last_us == int(closed[resolved].max())
    assert router.last_us == int(closed.max())


def test_other_ids_give_the_same_probabilities():
    plain = history(planted(600))
    renamed = replace(
        plain,
        unit=Coded(plain.unit.codes, tuple(f"x{hash_of}" for hash_of in range(4))),
    )
    first = backtest(plain, level="unit", labels="immediate")
    second = backtest(renamed, level="unit", labels="immediate")
    assert first.judged.rank == second.judged.rank
    assert first.judged.probability == second.judged.probability


def test_an_attribute_that_names_contacts_or_tells_of_the_holder_is_not_looked_at():
    rows = planted(600)
    plain = history(rows)
    leaking = replace(
        plain,
        attributes={
            **plain.attributes,
            "assignee": coded([path[-1] for _, _, path in rows]),
            "division": coded([{"Front": "F", "Law": "L"}.get(p[0], "C") for _, _, p in rows]),
            "number": coded([str(i) for i in range(600)]),
            "mood": coded([("good", "bad")[i % 2] for i in range(600)]),
        },
    )
    assert set(fit(leaking, level="unit").attributes) == {"topic", "country"}


def test_one_contact_only_is_certain():
    router = fit(history([("bill", "de", ("Claims",))] * 50), level="unit")
    ranking = router.rank(Request(attributes={"topic": "bill"}))
    assert ranking.candidates[0].contact == "Claims"
    assert ranking.candidates[0].probability > 0.9


def test_nothing_closed_is_a_clear_answer():
    open_cases = history(planted(10))
    nobody = replace(open_cases, unit=Coded(np.full(10, -1, np.int32), open_cases.unit.labels))
    with pytest.raises(QuestionError) as error:
        fit(nobody, level="unit")
    assert error.value.code == "nothing-to-learn"
    with pytest.raises(QuestionError):
        backtest(nobody, level="unit")
