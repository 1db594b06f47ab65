"""TF-IDF by hand and by scikit-learn; scores by scikit-learn; worlds that stay and that change."""

import math

import numpy as np
import pytest
import scipy.sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from leitweg.domain.routing import N_WORDS, Ragged
from leitweg.routing import linear_words, term_weights
from leitweg.routing.linear_words import LinearWords, best_step
from leitweg.routing.term_weights import N_FEATURES
from leitweg.routing.term_weights import term_weights as weights_of

PART = N_WORDS + 5


def ragged(rows):
    sizes = [len(row) for row in rows]
    values = np.array([value for row in rows for value in sorted(row)], np.int32)
    return Ragged(np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), values)


def text(*words):
    return np.array(sorted(words), np.int32)


def topics(n, seed, n_labels=4, shift=0):
    """Cases of contacts that have ten words each, beside forty that everybody uses."""
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, n_labels, n)
    rows = []
    for label in labels:
        own = 1000 + 10 * ((label + shift) % n_labels) + chance.integers(0, 10, 3)
        parts = N_WORDS + chance.integers(0, 60, 5)
        rows.append(np.concatenate([own, chance.integers(0, 40, 12), parts]).tolist())
    return ragged(rows), labels


def test_weights_of_terms_by_hand():
    terms = weights_of(ragged([[1, 1, 2, PART], [1], [3], [1]]), most_rows=N_FEATURES)
    found = terms.of(text(1, 1, 2, PART))
    idf_1, idf_2 = 1 + math.log(5 / 4), 1 + math.log(5 / 2)
    first, second = (1 + math.log(2)) * idf_1, idf_2
    length, both = math.hypot(first, second), math.hypot(1.0, 0.7)
    assert found.rows.tolist() == [1, 2, PART]
    expected = [first / length / both, second / length / both, 0.7 / both]
    assert found.values.tolist() == pytest.approx(expected, rel=1e-6)


def test_words_weigh_as_scikit_learn_weighs_them():
    texts, _ = topics(50, 1)
    counts = scipy.sparse.csr_matrix(
        (np.ones(texts.values.size), texts.values.copy(), texts.offsets.copy()),
        shape=(50, N_FEATURES),
    )
    counts.sum_duplicates()
    theirs = TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, :N_WORDS]).toarray()
    found = weights_of(texts, most_rows=N_FEATURES).of_many(texts)
    ours = scipy.sparse.csr_matrix((found.values, found.rows, found.offsets))[:, :1100].toarray()
    assert ours * math.hypot(1.0, 0.7) == pytest.approx(theirs[:, :1100], abs=1e-6)


def test_rare_features_share_rows_and_common_ones_do_not():
    rows = [[word, word + 1] for word in range(0, 40, 2)] * 2 + [[100], [101], [102], [103]]
    terms = weights_of(ragged(rows), most_rows=48)
    assert len({int(terms.row[word]) for word in range(40)}) == 40
    # the common ones and the first rare ones have the first 42 rows for themselves
    assert terms.row[:40].max() < 42
    assert sorted(set(terms.row.tolist())) == list(range(48))


def test_a_long_text_is_judged_by_its_strongest_terms(monkeypatch):
    monkeypatch.setattr(term_weights, "MOST_TERMS", 3)
    rows = [[1, 2, 3, 4, 5]] + [[1, 2]] * 5
    found = weights_of(ragged(rows), most_rows=N_FEATURES).of(text(1, 2, 3, 4, 5))
    assert found.rows.tolist() == [3, 4, 5]


def test_scores_are_those_of_scikit_learn():
    texts, labels = topics(300, 2)
    model = LinearWords.fit(texts, labels, 4, seed=0)
    state = model.state()
    oracle = LogisticRegression()
    oracle.classes_ = np.arange(4)
    oracle.coef_, oracle.intercept_ = state["weights"].T.astype(float), state["bias"].astype(float)
    found = weights_of(texts, most_rows=state["n_rows"]).of_many(texts)
    X = scipy.sparse.csr_matrix(
        (found.values, found.rows, found.offsets), shape=(300, state["n_rows"])
    )
    assert model.scores_many(texts) == pytest.approx(oracle.predict_log_proba(X), abs=1e-4)


def test_one_text_scores_as_many():
    texts, labels = topics(300, 3)
    model = LinearWords.fit(texts, labels, 4, seed=0)
    many = model.scores_many(texts)
    assert many.tolist() == [model.scores(texts.row(i)).tolist() for i in range(300)]
    assert np.exp(many).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_learns_the_words_of_contacts_as_well_as_scikit_learn():
    train, labels = topics(400, 4)
    test, truth = topics(400, 5)
    model = LinearWords.fit(train, labels, 4, seed=0)
    terms = weights_of(train, most_rows=N_FEATURES)
    X, Y = (
        scipy.sparse.csr_matrix((w.values, w.rows, w.offsets), shape=(400, N_FEATURES))
        for w in (terms.of_many(train), terms.of_many(test))
    )
    theirs = (LogisticRegression(C=10.0).fit(X, labels).predict(Y) == truth).mean()
    ours = (model.scores_many(test).argmax(axis=1) == truth).mean()
    assert theirs > 0.97
    assert ours >= theirs - 0.01


def test_learning_one_by_one_is_following():
    texts, labels = topics(300, 6)
    begun, rest = ragged([texts.row(i) for i in range(200)]), range(200, 300)
    one, other = (LinearWords.fit(begun, labels[:200], 4, seed=0, step=2.0) for _ in range(2))
    singly = []
    for i in rest:
        singly.append(one.scores(texts.row(i)).tolist())
        one.learn(texts.row(i), int(labels[i]))
    followed = other.follow(ragged([texts.row(i) for i in rest]), labels[200:])
    assert followed.tolist() == singly
    assert one.scores(texts.row(0)).tolist() == other.scores(texts.row(0)).tolist()


def test_a_new_contact_is_learnt_from_a_few_cases():
    texts, labels = topics(300, 7)
    model = LinearWords.fit(texts, labels, 4, seed=0, step=4.0)
    before = model.scores(text(5000, 5001))
    for label in range(4, 40):
        for _ in range(3):
            model.learn(text(*range(5000 + 10 * label, 5004 + 10 * label)), label)
    assert (before.size, model.n_labels) == (4, 40)
    for label in (4, 17, 39):
        scores = model.scores(text(*range(5000 + 10 * label, 5004 + 10 * label)))
        assert scores.argmax() == label
    assert model.scores(texts.row(0)).argmax() == labels[0]


def test_cases_without_label_are_skipped_and_weights_count():
    rows = ragged([[1, 2]] * 6)
    labels = np.array([0, 0, 0, 0, 1, -1])
    even = LinearWords.fit(rows, labels, 2, seed=0)
    assert even.scores(text(1, 2)).argmax() == 0
    weights = np.array([1, 1, 1, 1, 40, 1000])
    heavy = LinearWords.fit(rows, labels, 2, seed=0, weights=weights, step=0.25)
    assert heavy.scores(text(1, 2)).argmax() == 1


def test_no_text_and_no_cases_give_an_answer():
    texts, labels = topics(100, 8, n_labels=2)
    usual = np.where(np.arange(100) < 80, 0, labels)
    scores = LinearWords.fit(texts, usual, 2, seed=0).scores(text())
    assert scores.argmax() == 0
    nothing = LinearWords.fit(ragged([]), np.empty(0, np.int64), 3, seed=0)
    assert nothing.scores(text(1, 2)).tolist() == pytest.approx([-math.log(3)] * 3)
    alone = LinearWords.fit(texts, np.zeros(100, np.int64), 1, seed=0)
    assert alone.scores(texts.row(3)).tolist() == [0.0]


def test_state_returns_the_same_answers():
    texts, labels = topics(300, 9)
    model = LinearWords.fit(texts, labels, 4, seed=0, step=2.0)
    model.learn(text(77, 78), 5)
    again = LinearWords.from_state(model.state())
    for one in (model, again):
        one.learn(text(77, 79), 6)
    assert again.n_labels == 7
    assert again.scores_many(texts).tolist() == model.scores_many(texts).tolist()


def test_the_seed_decides_alone():
    texts, labels = topics(200, 10)
    first, same, other = (LinearWords.fit(texts, labels, 4, seed=seed) for seed in (1, 1, 2))
    assert first.scores_many(texts).tolist() == same.scores_many(texts).tolist()
    assert first.scores_many(texts).tolist() != other.scores_many(texts).tolist()


def test_memory_is_bounded_however_many_contacts(monkeypatch):
    monkeypatch.setattr(linear_words, "MOST_BYTES", 4 << 20)
    texts, labels = topics(100, 11)
    model = LinearWords.fit(texts, labels, 500, seed=0)
    weights = model.state()["weights"]
    assert weights.shape[1] == 500
    assert 3 << 20 < weights.nbytes <= max(4 << 20, 4096 * 512 * 4)


def test_far_steps_where_people_change_short_ones_where_nothing_does():
    still, labels = topics(1200, 12)
    assert best_step(still, labels, 4, seed=0) <= 1.0
    # every hundred cases the words of each contact move on to the next one
    parts = [topics(100, seed, shift=seed) for seed in range(12)]
    moving = ragged([part.row(i) for part, _ in parts for i in range(100)])
    labels = np.concatenate([of for _, of in parts])
    assert best_step(moving, labels, 4, seed=0) == 4.0
    assert LinearWords.fit(moving, labels, 4, seed=0).state()["step"] == 4.0


def test_a_text_is_scored_before_its_case_is_learnt():
    texts, labels = topics(400, 13)
    begun, rest = (ragged([texts.row(i) for i in part]) for part in (range(300), range(300, 400)))
    other = labels[300:].copy()
    other[50:] = (other[50:] + 1) % 4
    found = [
        LinearWords.fit(begun, labels[:300], 4, seed=0, step=1.0).follow(rest, truth)
        for truth in (labels[300:], other)
    ]
    # what comes after case 50 changes nothing up to it
    assert found[0][:51].tolist() == found[1][:51].tolist()
    assert found[0][51:].tolist() != found[1][51:].tolist()
