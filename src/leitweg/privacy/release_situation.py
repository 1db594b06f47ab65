"""The exit for the as-is situation: each of its tables passes its own rule, in one order."""

from dataclasses import replace

from leitweg.domain.situation import LinkRow, Pools, Refused, Situation, UnitRow
from leitweg.privacy.release_figures import released_coverage, released_figures
from leitweg.privacy.release_findings import released_findings
from leitweg.privacy.release_links import released_links
from leitweg.privacy.release_loads import released_loads
from leitweg.privacy.release_network import Named, released_network
from leitweg.privacy.release_units import released_units
from leitweg.privacy.threshold import K_OF_TIES


def protected_situation(situation: Situation, k: int, refused: Refused) -> Situation:
    """Return what is about at least k people and does not tell of fewer."""
    level, network = situation.level, situation.network
    pools = situation.pools
    units = released_units(situation.units, k, level, refused, pools)
    links = released_links(situation.links, k, level, refused, pools, units.shown)
    named = Named(units.shown, frozenset((x.from_unit, x.to_unit) for x in links if not x.merged))
    same = network.weight == "handovers" and not network.from_ties and bool(situation.links)
    findings = released_findings(situation.findings, k, refused)
    told = released_network(
        network,
        max(k, K_OF_TIES) if network.from_ties else k,
        refused,
        named if same else None,
        pools,
    )
    # that something is held back is said, but not how much: a number would count the few
    notes = situation.notes
    if network.nodes == "unit" and len(told.absent_links) < len(network.absent_links):
        notes = (*notes, "absent-links-held-back")
    if len(findings) < len(situation.findings):
        notes = (*notes, "findings-held-back")
    return replace(
        situation,
        figures=released_figures(situation.figures, k),
        units=units.rows,
        links=links,
        loads=released_loads(
            situation.loads, k, level, _named_in_loads(situation, units.shown, refused)
        ),
        findings=findings,
        notes=notes,
        coverage=released_coverage(situation.coverage, k),
        network=told,
    )


def names_told(
    units: tuple[UnitRow, ...],
    links: tuple[LinkRow, ...],
    k: int,
    level: str,
    refused: Refused,
    pools: Pools,
) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Return the units and links that an answer about these cases would name.

    What is told of the same cases in another form names no others: the remainder of a sum would
    be about those alone.
    """
    shown = released_units(units, k, level, refused, pools).shown
    told = released_links(links, k, level, refused, pools, shown)
    return shown, frozenset((x.from_unit, x.to_unit) for x in told if not x.merged)


def _named_in_loads(
    situation: Situation, shown: frozenset[str], refused: Refused
) -> frozenset[str]:
    """Return the units that loads may name: also those that have no row of their own."""
    rows = {row.unit for row in situation.units}
    return shown | (frozenset(x.unit for x in situation.loads) - rows - refused.units)
