"""States proposed from names: whole phrases only, the status before the activity."""

import pytest

from leitweg.sources.states import compact, propose_states

# with one resolved pair beside it, so that the log is not stateless
ANCHOR = ("x", "resolved")


@pytest.mark.parametrize(
    ("activity", "lifecycle", "state"),
    [
        ("Queued", "Awaiting Assignment", "queued"),
        ("Accepted", "In Progress", "working"),
        ("Accepted", "Assigned", "working"),
        ("Accepted-Assigned", "Assigned", "working"),
        ("Accepted", "Wait", "waiting_third"),
        ("Accepted", "Wait - Implementation", "waiting_third"),
        ("Accepted", "Wait - Vendor", "waiting_third"),
        ("Accepted", "Wait - User", "waiting_customer"),
        ("Accepted", "Wait - Customer", "waiting_customer"),
        ("Completed", "Resolved", "resolved"),
        ("Completed", "In Call", "resolved"),
        ("Completed", "Closed", "closed"),
        ("Completed", "Cancelled", "closed"),
        ("Unmatched", "Unmatched", "unknown"),
        ("Take in charge ticket", "complete", "working"),
        ("Resolve ticket", "complete", "resolved"),
        ("Wait", "complete", "waiting_third"),
        ("Closed", None, "closed"),
        (None, "wartend auf Zuweisung", "queued"),
        (None, "in Bearbeitung", "working"),
        (None, "wartet auf Kunde", "waiting_customer"),
        (None, "Gelöst", "resolved"),
        (None, "geloest", "resolved"),
        (None, "GESCHLOSSEN", "closed"),
        (None, "zurückgestellt", "waiting_third"),
        (None, "pending reminder", "waiting_third"),
        (None, "Zugewiesen", "queued"),
        ("Vorgang geschlossen und Kunde informiert", None, "unknown"),
        ("T05 Print and send confirmation of receipt", "complete", "unknown"),
        ("Confirmation of receipt", "complete", "unknown"),
        ("Assign seriousness", "complete", "unknown"),
        ("Require upgrade", "start", "unknown"),
        ("Wait for the new pump", None, "unknown"),
    ],
)
def test_a_name_is_a_state_as_a_whole_or_not_at_all(activity, lifecycle, state):
    proposed = propose_states([(activity, lifecycle), ANCHOR], {})
    assert proposed[f"{activity or ''}/{lifecycle or ''}"] == state


def test_a_log_that_knows_only_work_is_stateless():
    assert propose_states([("Accepted", "start"), ("Check", "complete")], {}) == {}
    assert propose_states([], {}) == {}


def test_where_nothing_is_resolved_a_closing_is():
    proposed = propose_states([("New", None), ("Closed", None), ("Check", None)], {})
    assert proposed == {"New/": "queued", "Closed/": "resolved", "Check/": "unknown"}


def test_what_the_user_says_is_not_changed():
    patterns = {"Closed/*": "closed", "check": "working", "New/": "unknown"}
    pairs = [("New", None), ("Closed", None), ("Check", "complete")]
    assert propose_states(pairs, patterns) == {
        "New/": "unknown",
        "Closed/": "closed",
        "Check/complete": "working",
    }


def test_the_first_pattern_that_fits_wins():
    patterns = {"Q*/A*": "queued", "Q*": "working"}
    pairs = [("Queued", "Awaiting"), ("Queued", "Other")]
    assert propose_states(pairs, patterns) == {
        "Queued/Awaiting": "queued",
        "Queued/Other": "working",
    }


def test_states_in_short():
    assert compact({"A/x": "queued", "B/x": "queued", "B/y": "closed"}) == {
        "*/x": "queued",
        "*/y": "closed",
    }
    assert compact({"A/x": "queued", "A/y": "queued", "B/x": "closed", "B/y": "closed"}) == {
        "A/*": "queued",
        "B/*": "closed",
    }
    assert compact({"A/x": "queued", "A/y": "queued", "B/x": "closed", "B/y": "queued"}) == {
        "A/*": "queued",
        "B/x": "closed",
        "B/y": "queued",
    }
