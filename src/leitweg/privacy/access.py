"""Who may do what, and for which purpose? One table of rules, each with its reason."""

from collections.abc import Collection
from dataclasses import dataclass

from leitweg.domain.access import ROLES, Permission

UNKNOWN_ROLE = "unknown-role"
UNKNOWN_ACTION = "unknown-action"
NOT_OF_ROLE = "not-of-role"
PURPOSE_OFF = "purpose-off"


@dataclass(frozen=True)
class Rule:
    """What an action needs: a purpose (None for administration), one of the roles.

    ``reason`` is the code that says why these roles may.
    """

    purpose: str | None
    roles: frozenset[str]
    reason: str


def _rule(purpose: str | None, reason: str, *roles: str) -> Rule:
    return Rule(purpose, frozenset(("owner", *roles)), reason)


_COUNCIL = ("works-council", "data-protection-officer")
_AGGREGATES = _rule("path-analysis", "aggregates-only", "analyst", "planner")
_RUNNING = _rule(None, "runs-the-system", "administrator")
_RIGHTS = _rule(None, "rights-of-persons", "data-protection-officer")
_OVERSIGHT = _rule(None, "oversight", *_COUNCIL)

RULES = {
    # questions to the as-is
    "situation": _AGGREGATES,
    "compare": _AGGREGATES,
    "report": _AGGREGATES,
    "export": _AGGREGATES,
    "breakdown": _AGGREGATES,
    "export-table": _rule("path-analysis", "holds-the-data"),
    # data in, and the life of the workspace; the report on an import names columns and accounts
    "import": _rule(None, "holds-the-data"),
    "rekey": _RUNNING,
    "backup": _RUNNING,
    "restore": _RUNNING,
    "serve": _RUNNING,
    "key-create": _RUNNING,
    "key-list": _RUNNING,
    "key-revoke": _RUNNING,
    "retain": _rule(None, "deletes-in-time", "administrator", "data-protection-officer"),
    # rights of persons; a person's own view needs a proof of who asks, which a page can ask for
    "person-export": _RIGHTS,
    "person-erase": _RIGHTS,
    "person-object": _RIGHTS,
    "person-correct": _RIGHTS,
    "own-view": Rule(None, frozenset({"person"}), "own-data"),
    # oversight
    "audit-list": _OVERSIGHT,
    "audit-verify": _OVERSIGHT,
    "ledger": _OVERSIGHT,
    "dossier": _OVERSIGHT,
    "purpose-list": Rule(None, frozenset(ROLES), "open-to-all"),
    "purpose-switch": _rule(None, "decides-purposes"),
    # questions of the other purposes
    "learn": _rule("routing", "aggregates-only", "analyst"),
    "backtest": _rule("routing", "aggregates-only", "analyst"),
    "route": _rule("routing", "works-on-requests", "service-agent"),
    "survey": _rule("survey", "runs-surveys", "survey-manager"),
    "survey-results": _rule("survey", "aggregates-only", "survey-manager", "analyst"),
    "assess": _rule("survey", "runs-surveys", "survey-manager"),
    "segment": _rule("planning", "plans-measures", "planner"),
    "simulate": _rule("planning", "plans-measures", "planner"),
    "plan": _rule("planning", "plans-measures", "planner"),
    "assignment": _rule("planning", "decides-assignments", "hr-decider"),
    "effect": _rule("evaluation", "aggregates-only", "analyst", "planner"),
}
"""Every action; what is not named here is refused."""


def permission(role: str, action: str, purposes_on: Collection[str]) -> Permission:
    """Say whether a role may do an action while these purposes are on, and why (not).

    The role is looked at before the purpose: who may not ask need not learn what is on.

    >>> permission("analyst", "situation", ["path-analysis"])
    Permission(allowed=True, why='aggregates-only')
    >>> permission("administrator", "situation", ["path-analysis"])
    Permission(allowed=False, why='not-of-role')
    """
    if role not in ROLES:
        return Permission(False, UNKNOWN_ROLE)
    rule = RULES.get(action)
    if rule is None:
        return Permission(False, UNKNOWN_ACTION)
    if role not in rule.roles:
        return Permission(False, NOT_OF_ROLE)
    if rule.purpose is not None and rule.purpose not in purposes_on:
        return Permission(False, PURPOSE_OFF)
    return Permission(True, rule.reason)


def purpose_of(action: str) -> str | None:
    """Return the purpose that an action needs; None for administration and unknown actions."""
    rule = RULES.get(action)
    return rule.purpose if rule else None
