"""Which state an event puts its case in, proposed from common names, decided by the user."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from leitweg.domain.errors import SourceError
from leitweg.domain.states import State, state_of
from leitweg.sources.words import folded

Pair = tuple[str | None, str | None]

# whole names only: a word inside a long activity name says nothing about the state of the case
_PHRASES: dict[State, str] = {
    State.QUEUED: """
        queued|queue|awaiting assignment|waiting for assignment|unassigned|new|to do|todo|backlog
        |created|submitted|waiting for support
        |neu|wartend auf zuweisung|wartet auf zuweisung|warten auf zuweisung|in warteschlange
        |warteschlange|eingegangen|nicht zugewiesen|zu erledigen|erfasst|angelegt
        """,
    State.WORKING: """
        in progress|accepted|working|work in progress|take in charge|taken in charge|started
        |active|in work|under investigation|investigating|in review|processing|being processed
        |in bearbeitung|wird bearbeitet|angenommen|in arbeit|begonnen|ubernommen
        """,
    State.WAITING_CUSTOMER: """
        wait user|wait customer|waiting user|waiting customer|waiting for customer|waiting for user
        |waiting on customer|pending customer|pending user|customer pending|awaiting info
        |awaiting information|awaiting user info|awaiting customer|awaiting customer info
        |pending customer info|needs info|needinfo|waiting for requester|waiting for reporter
        |wartet auf kunde|wartet auf kunden|warten auf kunde|warten auf kunden|wartend auf kunde
        |wartend auf kunden|wartet auf kundenantwort|ruckfrage beim kunden|ruckfrage an kunden
        |warten auf ruckmeldung des kunden|wartet auf ruckmeldung|warten auf ruckmeldung
        """,
    State.WAITING_THIRD: """
        wait|waiting|wait vendor|wait implementation|waiting vendor|waiting for vendor
        |pending vendor|awaiting vendor|waiting for third party|waiting for supplier|on hold|hold
        |pending|pending reminder|pending change|awaiting change|blocked|suspended|deferred
        |wartet|warten|wartend|angehalten|zuruckgestellt|ausgesetzt|blockiert|pausiert
        |warten zur erinnerung|wartet auf lieferant|warten auf lieferant|wartet auf dritte
        |warten auf dritte|wartet auf hersteller
        """,
    State.RESOLVED: """
        resolved|resolve|solved|in call|done|fixed|completed|answered|pending auto close
        |pending auto close+|pending auto close-|resolution proposed
        |gelost|geloest|erledigt|behoben|fertig|abgeschlossen|beantwortet
        |warten auf erfolgreich schliessen|warten auf erfolglos schliessen
        """,
    State.CLOSED: """
        closed|close|closed successful|closed unsuccessful|cancelled|canceled|merged|removed
        |withdrawn|wont fix|wont do|closed complete
        |closed incomplete|closed skipped
        |geschlossen|erfolgreich geschlossen|erfolglos geschlossen|storniert|abgebrochen
        |zusammengefuhrt|entfernt
        """,
}
_STATE_OF: dict[str, State] = {
    phrase.strip(): state
    for state, phrases in _PHRASES.items()
    for phrase in phrases.replace("\n", "").split("|")
}
# XES transitions of the work item: they tell nothing about the case
_NO_STATUS = frozenset(
    {"complete", "start", "schedule", "assign", "autoskip", "manualskip", "ate_abort"}
)
_OBJECTS = (" ticket", " case", " issue", " request", " incident", " vorgang", " anfrage")
# given to somebody, but begun or not? the activity beside it says that better
_WEAK = {"assigned": State.QUEUED, "zugewiesen": State.QUEUED}
_TELLING = frozenset(State) - {State.UNKNOWN, State.WORKING}


def pair_key(activity: str | None, lifecycle: str | None) -> str:
    """Return the name of a pair as the contract writes it.

    >>> pair_key("Queued", None)
    'Queued/'
    """
    return f"{activity or ''}/{lifecycle or ''}"


def propose_states(pairs: Iterable[Pair], patterns: Mapping[str, str]) -> dict[str, str]:
    """Return the state of every pair of activity and lifecycle.

    The lifecycle (status) decides before the activity; XES transitions such as ``complete``
    decide nothing. A name counts only as a whole. Where a system knows no state between working
    and closed, its closings are taken as the resolutions that they are.

    Parameters
    ----------
    pairs
        Activity and lifecycle as the log writes them, each pair once.
    patterns
        What the user decided: ``ACTIVITY/LIFECYCLE`` with wildcards -> state; the first pattern
        that fits wins over every proposal.

    Returns
    -------
    dict
        ``"activity/lifecycle"`` -> label of the state, ``unknown`` where nothing is recognised.
        Empty where nothing but working was recognised: the log is stateless, and every event
        counts as working.

    Raises
    ------
    SourceError
        unknown-state where a pattern names a state that there is not.

    Examples
    --------
    >>> propose_states([("Queued", "Awaiting Assignment"), ("T05 Print", "complete")], {})
    {'Queued/Awaiting Assignment': 'queued', 'T05 Print/complete': 'unknown'}
    """
    wanted = {pattern: _checked(label) for pattern, label in patterns.items()}
    proposed: dict[str, State] = {}
    decided: dict[str, State] = {}
    for activity, lifecycle in pairs:
        key = pair_key(activity, lifecycle)
        choice = next((s for p, s in wanted.items() if _fits(key, p)), None)
        if choice is None:
            proposed[key] = _proposal(activity, lifecycle)
        else:
            decided[key] = choice
    found = {*proposed.values(), *decided.values()}
    if not found & _TELLING:
        return {}
    if State.RESOLVED not in found:
        proposed = {k: State.RESOLVED if s is State.CLOSED else s for k, s in proposed.items()}
    return {key: state.label for key, state in {**proposed, **decided}.items()}


def _checked(label: str) -> State:
    try:
        return state_of(label)
    except KeyError as fault:
        known = ", ".join(state.label for state in State)
        raise SourceError(
            f"--map-state: '{label}' is not a state. Use one of {known}.",
            code="unknown-state",
            state=label,
        ) from fault


def _fits(key: str, pattern: str) -> bool:
    full = pattern if "/" in pattern else f"{pattern}/*"
    return fnmatchcase(key.casefold(), full.casefold())


def _proposal(activity: str | None, lifecycle: str | None) -> State:
    status, name = _phrase(lifecycle), _phrase(activity)
    if status and name.endswith(f" {status}"):
        # some exports join both: 'Accepted-Assigned' beside the status 'Assigned'
        name = name.removesuffix(f" {status}")
    if status in _STATE_OF:
        return _STATE_OF[status]
    if name in _STATE_OF and status in {"", *_NO_STATUS, *_WEAK}:
        return _STATE_OF[name]
    if status in _WEAK:
        return _WEAK[status]
    return _STATE_OF.get(name, _WEAK.get(name, State.UNKNOWN))


def _phrase(text: str | None) -> str:
    phrase = folded(text or "")
    for ending in _OBJECTS:
        if phrase.endswith(ending):
            return phrase[: -len(ending)]
    return phrase


def state_column(
    activity: pa.Array, lifecycle: pa.Array, patterns: Mapping[str, str]
) -> tuple[pa.Array, dict[str, str]]:
    """Return the state of every event (null in a stateless log) and the states in short.

    Parameters
    ----------
    activity, lifecycle
        One value per event; both may be null.
    patterns
        What the user decided (`propose_states`).
    """
    codes, pairs = _pair_codes(activity, lifecycle)
    states = propose_states(pairs, patterns)
    if not states:
        return pa.nulls(len(activity), pa.int8()), {}
    values = np.array([int(state_of(states[pair_key(*pair)])) for pair in pairs], dtype=np.int8)
    return pa.array(values[codes], pa.int8()), compact(states)


def _pair_codes(
    activity: pa.Array, lifecycle: pa.Array
) -> tuple[npt.NDArray[np.int64], list[Pair]]:
    first, second = activity.dictionary_encode(), lifecycle.dictionary_encode()
    width = len(second.dictionary) + 1
    left = np.asarray(pc.fill_null(first.indices, len(first.dictionary))).astype(np.int64)
    right = np.asarray(pc.fill_null(second.indices, len(second.dictionary))).astype(np.int64)
    used, codes = np.unique(left * width + right, return_inverse=True)
    names = [*first.dictionary.to_pylist(), None]
    others = [*second.dictionary.to_pylist(), None]
    return codes, [(names[int(code) // width], others[int(code) % width]) for code in used]


def compact(states: Mapping[str, str]) -> dict[str, str]:
    """Return the same states in fewer lines: one for an activity whose events all share one.

    >>> compact({"Queued/A": "queued", "Queued/B": "queued", "Done/A": "resolved"})
    {'Queued/*': 'queued', 'Done/*': 'resolved'}
    """
    for side, form in ((1, "*/{}"), (0, "{}/*")):
        groups: dict[str, set[str]] = {}
        for key, label in states.items():
            groups.setdefault(key.rpartition("/")[2 * side], set()).add(label)
        if len(groups) <= len(states) and all(len(labels) == 1 for labels in groups.values()):
            return {form.format(name): labels.pop() for name, labels in groups.items()}
    return _compact_by_activity(states)


def _compact_by_activity(states: Mapping[str, str]) -> dict[str, str]:
    members: dict[str, list[str]] = {}
    for key in states:
        members.setdefault(key.rpartition("/")[0], []).append(key)
    short: dict[str, str] = {}
    for activity, keys in members.items():
        if len(keys) > 1 and len({states[key] for key in keys}) == 1:
            short[f"{activity}/*"] = states[keys[0]]
        else:
            short.update({key: states[key] for key in keys})
    return short
