"""Which network does a workspace hold, and what is it like? Of cases, of mails, or of ties."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from leitweg.domain.network import Network, NetworkUnit
from leitweg.engine.message_traffic import Traffic
from leitweg.engine.network_tables import Members, TieNetwork, load_members, load_ties
from leitweg.privacy.threshold import edge_leaves
from leitweg.situation.basis import Basis
from leitweg.situation.expected_links import ExpectedLinks, absent_links_of
from leitweg.situation.network import network_of, nodes_among
from leitweg.situation.network_sides import Leaves
from leitweg.situation.transaction_rows import Transactions
from leitweg.situation.transactions import (
    day_of,
    transactions_of_cases,
    transactions_of_mail,
    transactions_of_ties,
)
from leitweg.store import Workspace
from leitweg.studies.times_counted import times_in

MEMBER_TABLES = ("units", "people")
DERIVED_UNITS = "units-from-communities"


def network_of_log(
    place: Workspace,
    basis: Basis,
    *,
    traffic: Traffic | None,
    notes: Sequence[str],
    asked: Mapping[str, int | None],
    expected: ExpectedLinks | None = None,
) -> Network:
    """Describe the network of a log of cases, or of its mails, with the links it lacks.

    Parameters
    ----------
    traffic
        Who wrote to whom; None for cases.
    notes
        Codes of coverage: they say whether units were derived from the mails.
    asked
        Bounds that were asked for, ``from`` and ``to``, microseconds UTC.
    expected
        The gravity model, where it was fitted before; None: it is fitted here.
    """
    members = members_of(place)
    if traffic is None:
        found = transactions_of_cases(basis, members)
    else:
        days = day_of(asked["from"]), day_of(asked["to"])
        derived = DERIVED_UNITS in notes
        found = transactions_of_mail(traffic, members, days=days, derived_units=derived)
    network = _described(place, found, basis.seed)
    if basis.level == "person" and place.profile != "open":
        return network
    return replace(network, absent_links=absent_links_of(basis, expected))


def nodes_of_cases(
    links: frozenset[tuple[str, str]], *, place: Workspace, basis: Basis
) -> tuple[NetworkUnit, ...]:
    """Describe the units of a network of handovers as if it had no other edges than these."""
    found = transactions_of_cases(basis, members_of(place))
    return nodes_among(found, links, leaves=_leaves(place, found), seed=basis.seed)


def ties_of(place: Workspace) -> TieNetwork:
    """Load the largest network of ties that a workspace holds."""
    return load_ties(_files(place, ("ties",)))


def ties_beside(place: Workspace) -> tuple[str, ...]:
    """Note that ties lie beside a log: they are no transactions of its cases."""
    return ("ties-beside-log",) if place.rows("ties") else ()


def notes_of_ties(ties: TieNetwork) -> tuple[str, ...]:
    """Say which network of ties was taken, and what was left out."""
    notes: tuple[str, ...] = (f"network-of-ties: {ties.name}",)
    if ties.others:
        listed = ", ".join(f"{name} ({count})" for name, count in ties.others)
        notes += (f"ties-left-out: {listed}",)
    if ties.n_dropped:
        notes += (f"ties-not-positive: {ties.n_dropped}",)
    return notes


def sizes_of_ties(place: Workspace, ties: TieNetwork) -> tuple[int | None, int]:
    """Count the people and units of a network of ties, those without a tie included.

    People are None where the ends are units of unknown size.
    """
    members = members_of(place)
    if not ties.of_units:
        return len({*ties.ends, *members.people}), len(members.units)
    known = [n for n in ties.people if n is not None]
    return sum(known) if known else None, len({*ties.ends, *members.units})


def network_of_ties(place: Workspace, ties: TieNetwork, seed: int) -> Network:
    """Describe a network from a survey or another system."""
    members = members_of(place)
    return _described(place, transactions_of_ties(ties, members), seed)


def members_of(place: Workspace) -> Members:
    """Load whom the tables of units and people name."""
    return load_members(_files(place, MEMBER_TABLES))


def _described(place: Workspace, found: Transactions, seed: int) -> Network:
    leaves = _leaves(place, found)
    return network_of(found, persons=place.profile == "open", leaves=leaves, seed=seed)


def _leaves(place: Workspace, found: Transactions) -> Leaves:
    return partial(
        edge_leaves, profile=place.profile, from_ties=found.from_ties, times=times_in(found)
    )


def _files(place: Workspace, tables: Sequence[str]) -> Mapping[str, Sequence[Path]]:
    return {name: place.files(name) for name in tables}
