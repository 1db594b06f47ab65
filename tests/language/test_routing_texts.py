"""The right contact in sentences, German and English."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from leitweg.domain.routing import Evidence
from leitweg.domain.routing_answers import ReleasedContact, ReleasedRouting
from leitweg.language.catalogue import LANGUAGES
from leitweg.language.routing import (
    facts_of,
    headline,
    note_text,
    notes_of,
    probability_text,
    reason_sentence,
)
from leitweg.privacy.release_routing import EVIDENCE_KINDS

NOW = int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()) * 1_000_000
HOUR = 3_600_000_000


def bill(hours_ago, resolved=1400, cases=3100):
    last = None if hours_ago is None else NOW - hours_ago * HOUR
    return Evidence("attributes", 1.0, {"topic": "Bill", "channel": "Mail"}, resolved, cases, last)


@pytest.mark.parametrize(
    ("hours_ago", "en", "de"),
    [
        (None, "", ""),
        (3, ", the last one today", ", zuletzt heute"),
        (30, ", the last one yesterday", ", zuletzt gestern"),
        (80, ", the last one 3 days ago", ", zuletzt vor 3 Tagen"),
        (24 * 100, ", the last one on 15 August 2026", ", zuletzt am 15. August 2026"),
        (-48, ", the last one on 25 November 2026", ", zuletzt am 25. November 2026"),
    ],
)
def test_counts_and_dates_are_written_in_the_forms_of_the_language(hours_ago, en, de):
    reason = bill(hours_ago)
    assert reason_sentence("en", reason, NOW) == (
        f"Topic Bill, channel Mail: resolved 1,400 of 3,100{en}"
    )
    assert reason_sentence("de", reason, NOW) == (
        f"Thema Bill, Kanal Mail: 1.400 von 3.100 gelöst{de}"
    )


def test_what_is_held_back_leaves_a_sentence_without_counts():
    assert reason_sentence("en", bill(None, None, None), NOW) == (
        "Topic Bill, channel Mail: resolves such requests"
    )
    assert reason_sentence("de", bill(None, 12, None), NOW) == ("Thema Bill, Kanal Mail: 12 gelöst")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EVIDENCE_KINDS)
@pytest.mark.parametrize("counts", [(None, None), (7, None), (7, 40)])
def test_every_kind_of_reason_has_its_sentence(language, kind, counts):
    values = {"handed": {"from": "Desk"}, "unit": {"unit": "Sales"}}.get(kind, {})
    told = reason_sentence(language, Evidence(kind, 1.0, values, *counts), NOW)
    assert told
    assert told[0].isupper() or told[0].isdigit()
    assert "{" not in told
    assert all(value in told for value in values.values())


def routing(*probabilities, abstain=False, threshold=0.6, notes=()):
    contacts = tuple(ReleasedContact(f"U{i}", p) for i, p in enumerate(probabilities, 1))
    return ReleasedRouting(
        "open", "unit", contacts, 0.04, threshold, abstain, 0.42, 1200, NOW, notes
    )


def test_the_headline_says_what_to_do():
    assert headline("en", routing(0.72, 0.1)) == "Send it to U1: right with a probability of 72%."
    assert headline("de", routing(0.4, 0.3, 0.1, abstain=True)) == (
        "Nicht sicher: Bitte unter diesen dreien wählen."
    )
    assert headline("en", routing(0.4, 0.3, abstain=True)) == (
        "Not sure: choose between these two."
    )
    assert headline("en", routing(*[0.1] * 5, abstain=True)) == "Not sure: choose among these 5."
    assert headline("de", routing(abstain=True)) == "Es lässt sich niemand vorschlagen."


def test_facts_tell_the_threshold_someone_new_and_the_basis():
    assert facts_of("de", routing(0.7)) == [
        "Jemand anderes: 4\xa0%",
        "Zu erwartende Übergaben, wenn man der Liste von oben folgt: 0,4",
        "Allein vorgeschlagen ab einer Wahrscheinlichkeit von 60\xa0%",
        "Grundlage: 1.200 Vorgänge",
    ]
    assert "Nobody is suggested alone" in facts_of("en", routing(0.7, threshold=1.01))[2]


def test_no_threshold_is_told_that_is_reached_and_does_not_help():
    sure, unsure = routing(0.7, abstain=True), routing(0.5, abstain=True)
    assert not any("Suggested alone" in fact for fact in facts_of("en", sure))
    assert any("Suggested alone" in fact for fact in facts_of("en", unsure))
    assert any("Nobody is" in fact for fact in facts_of("en", routing(threshold=1.01)))


def test_a_probability_is_never_written_as_certain_or_impossible():
    assert probability_text("en", 0.9996) == "over 99%"
    assert probability_text("de", 0.0004) == "unter 1\xa0%"
    assert probability_text("en", 1.0) == "100%"


def test_notes_name_what_was_not_known_even_where_it_looks_like_a_number():
    assert note_text("en", "unknown-value: topic=12") == (
        "No case so far has this value: topic=12. It was not counted."
    )
    assert "12" in note_text("de", "unknown-contact: 12")
    told = notes_of("en", routing(0.5, notes=("nothing-known",)))
    assert len(told) == 1
    assert "known attributes" in told[0]


def test_days_begin_at_midnight_where_the_reader_is():
    late = 1_700_000_000_000_000  # 14 November 2023, 22:13 UTC
    reason = Evidence("recent", 1.0, {}, 5, 9, late)
    three_hours_later = late + 3 * 3_600_000_000
    assert reason_sentence("en", reason, three_hours_later).endswith("yesterday")
    assert reason_sentence("en", reason, three_hours_later, "Europe/Berlin").endswith("yesterday")
    assert reason_sentence("en", reason, late + 3_600_000_000).endswith("today")
    assert reason_sentence("en", reason, three_hours_later, "America/New_York").endswith("today")


def test_who_holds_it_already_keeps_it():
    held = replace(routing(0.72, 0.1), holder="U1")
    assert headline("en", held) == "Leave it with U1: right with a probability of 72%."
    assert headline("de", held).startswith("Bei U1 lassen")
    assert headline("en", replace(held, holder="U2")).startswith("Send it to U1")
