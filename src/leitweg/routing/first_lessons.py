"""What are the experts taught before anything is asked? Early cases, profiles, and words.

Method: docs/methods/routing.md, docs/methods/cold-start.md.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leitweg.domain.routing import Profile, Ragged
from leitweg.routing.experts import Experts
from leitweg.routing.history import rows_of
from leitweg.routing.linear_words import LinearWords
from leitweg.routing.nearest_cases import NearestCases
from leitweg.routing.rows import Rows

PROFILE_CASES = 5.0
"""A profile counts as much as so many closed cases."""
NO_CASE = NO_CODE = -1

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


def by_known(rows: Rows, which: Int64) -> Int64:
    """Return cases in the order in which their right contact became known."""
    return which[np.argsort(rows.known_at[which], kind="stable")]


def contact_codes(rows: Rows, experts: Experts, which: Int64) -> Int32:
    """Return the code of the right contact of cases; new ones get codes in the order of cases."""
    codes = rows.label.codes[which]
    used, first_seen = np.unique(codes, return_index=True)
    place = np.full(len(rows.label.labels), NO_CODE, np.int32)
    for code in used[np.argsort(first_seen)]:
        place[code] = experts.code(rows.label.labels[code], adding=True)
    return place[codes]


def learn_before(rows: Rows, experts: Experts, before: Int64) -> None:
    """Learn what was known before the latest cases, all at once."""
    contact = contact_codes(rows, experts, before)
    at_us = rows.resolved_at[before] if rows.history.has_clock else np.zeros(before.size, np.int64)
    if before.size:
        experts.learn_many(rows.columns(before), contact, at_us, rows.handed(before))
    for i in before.tolist() if rows.has_units else ():
        unit = rows.unit(i)
        if unit is not None:
            experts.place(experts.code(rows.contact(i) or ""), unit)


def learn_profiles(experts: Experts, profiles: Sequence[Profile]) -> None:
    """Make contacts of profiles known, with the values that they answer for as pseudo-cases."""
    for profile in profiles:
        code = experts.code(profile.contact, adding=True)
        if profile.unit is not None and experts.unit_of(code) is None:
            experts.place(code, profile.unit)
        for name, values in profile.attributes.items():
            for value in values:
                experts.learn_pseudo_case({name: value}, profile.contact)
    experts.counts.meet(len(experts.contacts))


def fit_words(
    rows: Rows, experts: Experts, known: Int64, profiles: Sequence[Profile], seed: int
) -> None:
    """Fit the classifier of words and the index of cases, anew after the first time."""
    told = [p for p in profiles if p.text is not None and p.text.size]
    if rows.text is None and not told:
        return
    nothing = Ragged(np.zeros(1, np.int64), np.zeros(0, np.int32))
    texts = nothing if rows.text is None else rows_of(rows.text, known)
    labels = [experts.code(rows.contact(i) or "") for i in known] if rows.text is not None else []
    codes = np.array([*(experts.code(p.contact) for p in told), *labels], np.int32)
    texts = _with_profiles(texts, told)
    # the profiles come first: they are older than every case
    numbers = np.concatenate([np.full(len(told), NO_CASE), np.arange(len(labels))])
    weights = np.concatenate([np.full(len(told), PROFILE_CASES), np.ones(len(labels))])
    before, index = experts.words, experts.cases
    experts.words = LinearWords.fit(
        texts,
        codes,
        len(experts.contacts),
        seed=seed,
        weights=weights,
        # chosen once: the early cases tell as well as all of them
        step=None if before is None else before.step,
    )
    experts.cases = NearestCases.fit(
        texts, codes, numbers=numbers, half_life=None if index is None else index.half_life
    )
    experts.case_ids = [rows.history.case_ids[i] for i in known] if labels else []


def _with_profiles(texts: Ragged, told: Sequence[Profile]) -> Ragged:
    parts = [np.asarray(p.text, texts.values.dtype) for p in told]
    before = np.cumsum([0, *(part.size for part in parts)])
    offsets = np.concatenate([before[:-1], texts.offsets + before[-1]]).astype(np.int64)
    return Ragged(offsets, np.concatenate([*parts, texts.values]))
