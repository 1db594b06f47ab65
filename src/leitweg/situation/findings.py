"""Which findings does the log hold? Candidates, named, counted and sorted by price.

Method: docs/methods/findings.md.
"""

import hashlib
from collections.abc import Callable, Mapping

import numpy as np

from leitweg.domain.findings import UNITS_NAMED, Estimate, Finding
from leitweg.situation.arrays import Ints
from leitweg.situation.attribution import (
    NOTHING_ELSE,
    OUT_OF_SUM,
    Beside,
    candidates_of,
    hours_if_all_repaired,
)
from leitweg.situation.basis import Basis
from leitweg.situation.candidate import Candidate, least_price


def findings_of(
    basis: Basis,
    *,
    beside: Beside = NOTHING_ELSE,
    leaves: Callable[[Finding], bool] = lambda _: True,
) -> tuple[tuple[Finding, ...], Estimate | None]:
    """Return the findings, costliest first and smooth links last, and the hours in their union.

    The union is None without a clock, and where there are findings but none may leave.

    Findings below half a per cent of all waiting are left out. Without a clock prices are None
    and the number of handovers sorts.

    Parameters
    ----------
    beside
        What is known beside the log: staff, expected links, utilisation.
    leaves
        Whether a finding may leave the workspace: the union is of those alone, since its
        difference to their prices would tell the price of what stays inside.
    """
    candidates = _large_enough(basis, candidates_of(basis, beside))
    findings = [_named(basis, candidate) for candidate in candidates]
    shown = [c for c, finding in zip(candidates, findings, strict=True) if leaves(finding)]
    costly = [c for c in candidates if c.kind not in OUT_OF_SUM]
    # with every finding inside, a zero would claim that there is none
    nothing_leaves = bool(costly) and not any(c.kind not in OUT_OF_SUM for c in shown)
    known = np.isfinite(basis.months) and not nothing_leaves
    union = hours_if_all_repaired(basis, shown) if known else None
    return tuple(sorted(findings, key=_order)), union


def _large_enough(basis: Basis, candidates: list[Candidate]) -> list[Candidate]:
    least = least_price(basis)
    # a good example saves little just because it is smooth; a risk may not have happened yet
    return [
        c for c in candidates if c.price is None or c.kind in OUT_OF_SUM or c.price.value >= least
    ]


def _order(finding: Finding) -> tuple[bool, float, int, str]:
    price = finding.price.value if finding.price else 0.0
    return (finding.kind == "smooth_link", -price, -finding.n_handovers, finding.id)


def _named(basis: Basis, candidate: Candidate) -> Finding:
    stays, log = basis.stays, basis.log
    cases = np.unique(stays.case[candidate.stays])
    before = stays.previous[_entered(basis, candidate)]
    seen = np.union1d(candidate.stays, before)
    both = _workers(basis, seen)
    topics = sorted(log.topics[t] for t in candidate.topics)
    names = {
        "unit": _name(basis, candidate.unit),
        "from_unit": _name(basis, candidate.from_unit),
        "to_unit": _name(basis, candidate.to_unit),
    }
    narrowed = [*topics, *candidate.where.values()]
    place = "|".join([candidate.kind, *(n or "" for n in names.values()), *narrowed])
    known = len(log.persons) > 0
    # whoever is named needs enough people behind him, whichever end of the way he stands at
    units = [u for u in (candidate.unit, candidate.from_unit, candidate.to_unit) if u >= 0]
    sides = min(_workers(basis, _stays_at(basis, seen, u)).size for u in units)
    if candidate.people is not None:
        sides = min(sides, candidate.people.size)
    return Finding(
        id=f"{candidate.kind}-{hashlib.sha256(place.encode()).hexdigest()[:8]}",
        kind=candidate.kind,
        level=basis.level,
        unit=names["unit"],
        from_unit=names["from_unit"],
        to_unit=names["to_unit"],
        where={**({"topic": ", ".join(topics)} if topics else {}), **candidate.where},
        price=candidate.price,
        n_cases=int(cases.size),
        n_people=int(both.size) if known else None,
        n_people_smallest_side=int(sides) if known else None,
        certainty=float(np.clip(candidate.certainty, 0.0, 1.0)),
        n_handovers=candidate.n_handovers,
        why=candidate.why if basis.log.has_clock else "no-clock",
        evidence={**_plain(candidate.evidence), "case_ids": _case_ids(basis, candidate, cases)},
        evidence_people=_people_of_facts(basis, candidate, seen) if known else {},
    )


def _people_of_facts(basis: Basis, candidate: Candidate, seen: Ints) -> dict[str, tuple[int, ...]]:
    """Count who worked at each unit that the evidence names, and who stands behind other facts."""
    code = {name: i for i, name in enumerate(basis.holders)}
    found: dict[str, tuple[int, ...]] = {n: (k,) for n, k in candidate.fact_people.items()}
    for name in UNITS_NAMED:
        units = candidate.evidence.get(name)
        if isinstance(units, list):
            at = (_stays_at(basis, seen, code[unit]) for unit in units)
            found[name] = tuple(int(_workers(basis, stays).size) for stays in at)
    return found


def _plain(evidence: Mapping[str, object]) -> dict[str, object]:
    """Evidence as plain JSON values."""
    return {k: v.item() if isinstance(v, np.generic) else v for k, v in evidence.items()}


def _name(basis: Basis, code: int) -> str | None:
    return basis.holders[code] if code >= 0 else None


def _entered(basis: Basis, candidate: Candidate) -> Ints:
    rows = candidate.stays
    return rows[basis.stays.previous[rows] >= 0]


def _stays_at(basis: Basis, rows: Ints, unit: int) -> Ints:
    stays = basis.stays
    return np.asarray(rows[(stays.unit[rows] == unit) | (stays.unit_left[rows] == unit)])


def _workers(basis: Basis, rows: Ints) -> Ints:
    """Distinct people who worked in these stays, machine accounts left out."""
    stays = basis.stays
    persons = np.union1d(stays.first_worker[rows], stays.last_worker[rows])
    found = persons[persons >= 0]
    return np.asarray(found[~basis.log.machine[found]] if found.size else found)


def _case_ids(basis: Basis, candidate: Candidate, cases: Ints) -> list[str]:
    """Ids of the cases, those with the most waiting at the place first."""
    stays = basis.stays
    hours = np.zeros(basis.in_period.size)
    np.add.at(hours, stays.case[candidate.stays], stays.wait_hours[candidate.stays])
    ordered = cases[np.argsort(-hours[cases], kind="stable")]
    return [str(basis.log.case_ids[int(case)]) for case in ordered]
