"""Which places must an answer not tell of? The ledger of releases says it, and who dominates."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leitweg.domain.situation import NOTHING_REFUSED, Refused
from leitweg.domain.traces import Traces
from leitweg.engine.message_traffic import Traffic
from leitweg.engine.network_tables import TieNetwork
from leitweg.privacy.dominance import dominated
from leitweg.privacy.gate import Gate
from leitweg.privacy.scope_ledger import decide_scopes
from leitweg.privacy.threshold import K_OF_TIES
from leitweg.situation.arrays import Flags
from leitweg.situation.basis import Basis
from leitweg.situation.flow import flow_of_units
from leitweg.situation.traces import (
    cases_behind,
    traces_of_cases,
    traces_of_mail,
    traces_of_ties,
)
from leitweg.situation.transactions import day_of
from leitweg.store import Workspace
from leitweg.studies.networks import members_of
from leitweg.studies.times_counted import threshold_of

LEDGER = "ledger"


def refused_to(
    place: Workspace,
    basis: Basis,
    *,
    traffic: Traffic | None = None,
    ties: TieNetwork | None = None,
    asked: tuple[int | None, int | None] = (None, None),
) -> Refused:
    """Return the places that an answer must not tell of; the ledger remembers the answer.

    Parameters
    ----------
    traffic
        The messages behind the answer, where there are any.
    ties
        The network behind the answer, where there is neither a case nor a mail.
    asked
        Bounds asked for, microseconds UTC: of messages, those of their days are taken.
    """
    if place.profile == "open":
        return NOTHING_REFUSED
    gates = list(_of_cases(place, [basis]))
    if traffic is not None:
        traces, days = traces_of_mail(traffic)
        first, last = day_of(asked[0]), day_of(asked[1])
        scope = np.ones(days.size, dtype=bool)
        scope &= True if first is None else days >= first
        scope &= True if last is None else days < last
        k = threshold_of(traffic=traffic)
        gates += _decided(place, traces, [("messages", scope)], k=k)
    if ties is not None:
        traces = traces_of_ties(ties, members_of(place).people)
        k = threshold_of(ties=ties, k=K_OF_TIES)
        gates += _decided(place, traces, [("ties", np.ones(traces.n_cases, bool))], k=k)
    return _refused(gates, basis)


def refused_to_sides(place: Workspace, first: Basis, second: Basis) -> tuple[Refused, Refused]:
    """Return the same for both sides of a comparison; the ledger is asked the first one first."""
    if place.profile == "open":
        return NOTHING_REFUSED, NOTHING_REFUSED
    gates = _of_cases(place, [first, second])
    half = len(gates) // 2
    return _refused(gates[:half], first), _refused(gates[half:], second)


def _of_cases(place: Workspace, bases: Sequence[Basis]) -> tuple[Gate, ...]:
    if not bases[0].log.n_cases:
        return ()
    # both sides of a comparison stand on one log
    scopes = [s for b in bases for s in cases_behind(b)]
    return _decided(place, traces_of_cases(bases[0]), scopes, k=threshold_of(*bases))


def _decided(
    place: Workspace, traces: Traces, scopes: Sequence[tuple[str, Flags]], *, k: int
) -> tuple[Gate, ...]:
    # the ledger outlives an exchange of the key, and with it all stored ids
    enduring = replace(traces, case_ids=tuple(place.ids_before_exchanges(traces.case_ids)))
    return decide_scopes(
        place.database, place.purpose_key(LEDGER), enduring, scopes, k=k, now_us=place.now_us()
    )


def _refused(gates: Sequence[Gate], basis: Basis) -> Refused:
    # what mainly one person does would be told of that person
    alone = {unit for unit, flow in flow_of_units(basis).items() if dominated([flow])}
    return Refused(
        any(gate.everything for gate in gates),
        frozenset(alone).union(*(gate.units for gate in gates)),
        frozenset[tuple[str, str]]().union(*(gate.links for gate in gates)),
        merged_units=lambda units: all(gate.allows_units(units) for gate in gates),
        merged_links=lambda links: all(gate.allows_links(links) for gate in gates),
    )
