"""An order of cases that knows no ids and no row order: same data, same answer.

Cases are told apart by their own shape (all their times, states) and then by the company they
keep: a unit is what the cases it appears in look like, and a case is what its units look like (two
rounds of colour refinement). What is still equal then is equal for every figure.
"""

import numpy as np

from leitweg.engine.arrays import MISSING, Int8, Int32, Int64, UInt64
from leitweg.engine.compiled import compiled

ROUNDS = 2


@compiled
def scramble(value: np.uint64) -> np.uint64:
    """Spread the bits of an integer (the finaliser of SplitMix64)."""
    mixed = value + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def mix_time(shape: np.uint64, time_us: int, zero_us: int) -> np.uint64:
    """Fold a time since ``zero_us`` into a hash; an unknown time as itself."""
    since = time_us if time_us == MISSING else time_us - zero_us
    return scramble(shape ^ scramble(np.uint64(since)))


@compiled
def case_shapes(
    offsets: Int64,
    at_us: Int64,
    started_us: Int64,
    opened_us: Int64,
    closed_us: Int64,
    state: Int8,
    with_times: bool,
) -> UInt64:
    """Hash of each case's number of events, states and times since its first event."""
    n_cases = offsets.size - 1
    shapes = np.empty(n_cases, np.uint64)
    for case in range(n_cases):
        first = offsets[case]
        # a place in a file is no time: times stand for themselves then
        zero_us = int(at_us[first]) if with_times else 0
        shape = np.uint64(offsets[case + 1] - first)
        shape = mix_time(mix_time(shape, opened_us[case], zero_us), closed_us[case], zero_us)
        for event in range(first, offsets[case + 1]):
            since = at_us[event] - zero_us if with_times else 0
            shape = scramble(shape ^ (np.uint64(since) * np.uint64(8) + np.uint64(state[event])))
            shape = mix_time(shape, started_us[event], zero_us)
        shapes[case] = shape
    return shapes


@compiled
def company_of_codes(offsets: Int64, codes: Int32, n_codes: int, shapes: UInt64) -> UInt64:
    """Sum, per code, of the hashes of the cases and places in which it appears."""
    company = np.zeros(n_codes + 1, np.uint64)
    for case in range(offsets.size - 1):
        for event in range(offsets[case], offsets[case + 1]):
            place = np.uint64(event - offsets[case])
            company[codes[event]] += scramble(shapes[case] ^ scramble(place))
    # code -1 writes the last place: no holder is told apart from no other
    company[n_codes] = np.uint64(0)
    return company


@compiled
def mix_company(offsets: Int64, codes: Int32, company: UInt64, shapes: UInt64) -> None:
    """Fold the hashes of the codes of each case into the hash of the case."""
    for case in range(offsets.size - 1):
        shape = shapes[case]
        for event in range(offsets[case], offsets[case + 1]):
            shape = scramble(shape ^ company[codes[event]])
        shapes[case] = shape


def order_of_cases(
    offsets: Int64,
    at_us: Int64,
    started_us: Int64,
    given_us: tuple[Int64, Int64],
    state: Int8,
    event_codes: tuple[tuple[Int32, int], ...],
    case_codes: tuple[tuple[Int32, int], ...],
    *,
    has_clock: bool,
) -> Int64:
    """Return the cases by (first time, last time, number of events, hash), given order last.

    Parameters
    ----------
    offsets, at_us, started_us, state
        Cases one after another, events of each in order; no case is empty.
    given_us
        Times (opened, closed) per case, as the case tables say.
    event_codes, case_codes
        Pairs (codes, number of labels) per event (persons, units) and per case (topics).
    has_clock
        False where ``at_us`` is a place in a file, which must not decide anything between cases.
    """
    shapes = case_shapes(offsets, at_us, started_us, *given_us, state, has_clock)
    ones = np.arange(offsets.size, dtype=np.int64)
    pairs = [(offsets, *pair) for pair in event_codes] + [(ones, *pair) for pair in case_codes]
    for _ in range(ROUNDS):
        companies = [company_of_codes(*pair, shapes) for pair in pairs]
        for (starts, codes, _n), company in zip(pairs, companies, strict=True):
            mix_company(starts, codes, company, shapes)
    sizes = np.diff(offsets)
    if not has_clock:
        return np.lexsort((shapes, sizes))
    return np.lexsort((shapes, sizes, at_us[offsets[1:] - 1], at_us[offsets[:-1]]))


@compiled
def events_in_new_order(offsets: Int64, order: Int64) -> tuple[Int64, Int64]:
    """Return (new offsets, index of the old event at every new place)."""
    starts = np.empty(offsets.size, np.int64)
    starts[0] = 0
    index = np.empty(offsets[-1], np.int64)
    place = 0
    for case in range(order.size):
        for event in range(offsets[order[case]], offsets[order[case] + 1]):
            index[place] = event
            place += 1
        starts[case + 1] = place
    return starts, index


@compiled
def codes_by_first_appearance(codes: Int32, n_codes: int) -> tuple[Int32, Int32]:
    """Return (new code of every old code, old code of every new one); -1: never appears."""
    new_code = np.full(n_codes, -1, np.int32)
    old_code = np.empty(n_codes, np.int32)
    n_seen = 0
    for code in codes:
        if code >= 0 and new_code[code] < 0:
            new_code[code] = n_seen
            old_code[n_seen] = code
            n_seen += 1
    return new_code, old_code[:n_seen]


def recoded(codes: Int32, new_code: Int32) -> Int32:
    """Replace every code by its new one; -1 stays -1."""
    # the appended -1 is what index -1 finds
    return np.append(new_code, np.int32(-1)).astype(np.int32)[codes]


@compiled
def count_ties(offsets: Int64, at_us: Int64) -> int:
    """Count the events that share their case and time with another event."""
    n_tied = 0
    for case in range(offsets.size - 1):
        for event in range(offsets[case], offsets[case + 1]):
            before = event > offsets[case] and at_us[event - 1] == at_us[event]
            after = event + 1 < offsets[case + 1] and at_us[event + 1] == at_us[event]
            n_tied += before or after
    return n_tied
