"""Role, action and purpose: the whole matrix, against a table written by hand."""

import itertools

from leitweg.domain.access import PURPOSES, ROLES
from leitweg.language.catalogue import has_text
from leitweg.privacy.access import RULES, permission, purpose_of

O, A, P, S, V, W, D, H, X, M = (
    "owner",
    "analyst",
    "planner",
    "survey-manager",
    "service-agent",
    "works-council",
    "data-protection-officer",
    "hr-decider",
    "person",
    "administrator",
)
ALL = {O, A, P, S, V, W, D, H, X, M}
# action: the purpose it needs, and who may; every pair that is not here is refused
TABLE = {
    "situation": ("path-analysis", {O, A, P}),
    "compare": ("path-analysis", {O, A, P}),
    "report": ("path-analysis", {O, A, P}),
    "export": ("path-analysis", {O, A, P}),
    "breakdown": ("path-analysis", {O, A, P}),
    "export-table": ("path-analysis", {O}),
    "import": (None, {O}),
    "rekey": (None, {O, M}),
    "backup": (None, {O, M}),
    "restore": (None, {O, M}),
    "serve": (None, {O, M}),
    "key-create": (None, {O, M}),
    "key-list": (None, {O, M}),
    "key-revoke": (None, {O, M}),
    "retain": (None, {O, M, D}),
    "person-export": (None, {O, D}),
    "person-erase": (None, {O, D}),
    "person-object": (None, {O, D}),
    "person-correct": (None, {O, D}),
    "own-view": (None, {X}),
    "audit-list": (None, {O, W, D}),
    "audit-verify": (None, {O, W, D}),
    "ledger": (None, {O, W, D}),
    "dossier": (None, {O, W, D}),
    "purpose-list": (None, ALL),
    "purpose-switch": (None, {O}),
    "learn": ("routing", {O, A}),
    "backtest": ("routing", {O, A}),
    "route": ("routing", {O, V}),
    "survey": ("survey", {O, S}),
    "survey-results": ("survey", {O, S, A}),
    "assess": ("survey", {O, S}),
    "segment": ("planning", {O, P}),
    "simulate": ("planning", {O, P}),
    "plan": ("planning", {O, P}),
    "assignment": ("planning", {O, H}),
    "effect": ("evaluation", {O, A, P}),
}
ANSWERS = {action for action, (purpose, _) in TABLE.items() if purpose}
SUBSETS = [on for n in range(6) for on in itertools.combinations(PURPOSES, n)]


def expected(role, action, on):
    purpose, roles = TABLE[action]
    return role in roles and (purpose is None or purpose in on)


def test_the_table_names_every_action_role_and_purpose():
    assert set(TABLE) == set(RULES)
    assert set(ROLES) == ALL
    assert {purpose for purpose, _ in TABLE.values()} == {None, *PURPOSES}
    assert len(SUBSETS) == 32


def test_the_whole_matrix_of_roles_actions_and_purposes():
    judged = {
        (role, action, on): permission(role, action, on).allowed
        for role in ROLES
        for action in TABLE
        for on in SUBSETS
    }
    assert len(judged) == 10 * 37 * 32
    wrong = [case for case, allowed in judged.items() if allowed != expected(*case)]
    assert wrong == []
    assert sum(judged.values()) == 2240


def test_what_nobody_named_is_refused():
    for role in (*ROLES, "root", "", "Owner"):
        for action in ("delete-everything", "", "SITUATION", "situation "):
            assert not permission(role, action, PURPOSES).allowed
    for role in ("root", "", "Owner", "owner "):
        for action in RULES:
            assert permission(role, action, PURPOSES).why == "unknown-role"


def test_who_runs_or_watches_the_system_sees_no_data():
    for role in (M, W, D, X, H):
        seen = {a for a in ANSWERS if permission(role, a, PURPOSES).allowed}
        assert seen == ({"assignment"} if role == H else set()), role
    for role in (M, W, H, X, A, P, S, V):
        assert not permission(role, "export-table", PURPOSES).allowed
        assert not permission(role, "person-export", PURPOSES).allowed


def test_the_owner_is_bound_to_purposes_like_everybody():
    for action in ANSWERS:
        refused = permission(O, action, [p for p in PURPOSES if p != purpose_of(action)])
        assert (refused.allowed, refused.why) == (False, "purpose-off")


def test_the_role_is_judged_before_the_purpose():
    """Who may not ask does not learn from the refusal what is on."""
    for role in ROLES:
        for action in ANSWERS:
            if role not in TABLE[action][1]:
                assert permission(role, action, ()) == permission(role, action, PURPOSES)


def test_every_reason_has_a_text_in_both_languages():
    whys = {
        permission(role, action, on).why
        for role in (*ROLES, "nobody")
        for action in (*RULES, "nothing")
        for on in ((), PURPOSES)
    }
    assert {"purpose-off", "not-of-role", "unknown-role", "unknown-action"} <= whys
    for why in whys:
        assert has_text(f"reason.{why}"), why
    for action in (*RULES, "unknown"):
        assert has_text(f"access.action.{action}"), action
    for role in (*ROLES, "unknown"):
        assert has_text(f"access.role.{role}"), role
    for purpose in PURPOSES:
        assert has_text(f"access.purpose.{purpose}.what"), purpose
