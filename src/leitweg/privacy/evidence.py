"""Which facts of a finding may leave? Those that enough people stand behind.

A finding leaves where enough people stand at its place; its evidence may still name other units,
and hold facts about others. Method: docs/methods/privacy.md.
"""

from dataclasses import dataclass, replace

from leitweg.domain.findings import UNITS_IN_ORDER, UNITS_NAMED, Finding

# evidence that leads to single cases or people stays inside
_INSIDE = frozenset({"case_ids"})


@dataclass(frozen=True)
class Few:
    """What of a finding's evidence is about too few: units that it names, and facts."""

    units: frozenset[str]
    facts: frozenset[str]

    def __or__(self, other: "Few") -> "Few":
        """Return both."""
        return Few(self.units | other.units, self.facts | other.facts)


def few_behind(finding: Finding, k: int) -> Few:
    """Units named in the evidence, and facts in it, behind which fewer than k people stand."""
    units, facts = set[str](), set[str]()
    for name, value in finding.evidence.items():
        people = finding.evidence_people.get(name)
        if name in UNITS_NAMED and isinstance(value, list):
            counts = people or (0,) * len(value)
            units |= {str(u) for u, n in zip(value, counts, strict=True) if n < k}
        elif people is not None and min(people) < k:
            facts.add(name)
    return Few(frozenset(units), frozenset(facts))


def finding_that_leaves(finding: Finding, few: Few) -> Finding:
    """Return the finding without what leads to single cases or people.

    A unit of few people is None in a list of units; in one without an order it stands last, for
    among names in alphabetical order its place would tell it.
    """
    evidence = {
        name: _fact(name, value, few)
        for name, value in finding.evidence.items()
        if name not in _INSIDE
    }
    return replace(finding, evidence=evidence, evidence_people={})


def _fact(name: str, value: object, few: Few) -> object:
    if name in few.facts:
        return None
    if name not in UNITS_NAMED or not isinstance(value, list):
        return value
    shown = [None if unit in few.units else unit for unit in value]
    return shown if name in UNITS_IN_ORDER else sorted(shown, key=lambda unit: unit is None)
