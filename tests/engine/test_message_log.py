"""Messages as an event log: when threads are cases, and which unit a person writes from."""

import pytest
from log_rows import SECOND

from leitweg.engine.message_log import load_message_log


def message(name, at, sender, receiver, thread=None):
    return {
        "message": name,
        "thread": thread,
        "at_us": at * SECOND,
        "sender": sender,
        "receiver": receiver,
    }


@pytest.fixture
def load_messages(write_table):
    def load(messages, *people):
        files = {"messages": [write_table("messages", messages)]}
        files["people"] = [write_table("people", rows) for rows in people]
        return load_message_log(files)

    return load


def letters(n_threaded, n_messages):
    """Ada and Bo write in turns every ten seconds; the first messages are one thread."""
    return [
        message(f"m{i}", 10 * i, *(("Ada", "Bo") if i % 2 == 0 else ("Bo", "Ada")), thread)
        for i in range(n_messages)
        for thread in ["t" if i < n_threaded else None]
    ]


def test_one_thread_among_many_messages_makes_no_cases_of_threads(load_messages):
    mail = load_messages(letters(2, 6))
    assert (mail.threaded, mail.n_messages, mail.n_unthreaded) == (False, 6, 4)
    # every message but the last waits ten seconds for its answer: none is dropped
    assert mail.log.n_cases == 5
    assert (mail.log.closed_us - mail.log.opened_us).tolist() == [10 * SECOND] * 5


def test_threads_are_cases_where_half_of_the_messages_have_one(load_messages):
    mail = load_messages(letters(3, 6))
    assert (mail.threaded, mail.n_messages, mail.n_unthreaded) == (True, 6, 3)
    assert mail.log.case_ids.to_pylist() == ["t"]
    assert mail.log.at_us.tolist() == [0, 10 * SECOND, 20 * SECOND]


def test_a_message_to_many_counts_once_towards_the_half(load_messages):
    to_many = [message("m0", 0, "Ada", f"p{i}", "t") for i in range(9)]
    mail = load_messages([*to_many, *letters(0, 6)[1:]])
    assert (mail.threaded, mail.n_messages, mail.n_unthreaded) == (False, 6, 5)


def test_no_messages_are_no_threads(load_messages):
    mail = load_messages([])
    assert (mail.threaded, mail.n_messages, mail.n_unthreaded) == (False, 0, 0)


BO = {"person": "Bo", "unit": "Back"}


@pytest.mark.parametrize(
    "people",
    [
        # a later date, whatever the order of the rows
        ([{"unit": "Old", "valid_from_us": 1}, {"unit": "New", "valid_from_us": 2}],),
        ([{"unit": "New", "valid_from_us": 2}, {"unit": "Old", "valid_from_us": 1}],),
        # a date after none; without dates the later import, then the later row
        ([{"unit": "New", "valid_from_us": 1}, {"unit": "Old"}],),
        ([{"unit": "Old"}], [{"unit": "New"}]),
        ([{"unit": "Old"}, {"unit": "New"}],),
        # a row that names no unit takes none away
        ([{"unit": "Old"}, {"unit": "New"}, {"kind": "person", "valid_from_us": 9}],),
    ],
)
def test_flows_are_those_of_the_latest_unit(load_messages, people):
    tables = [[{"person": "Ada", **row} for row in rows] for rows in people]
    mail = load_messages(letters(0, 3), *tables, [BO])
    assert mail.flows == (("Back", "New", 1), ("New", "Back", 2))
