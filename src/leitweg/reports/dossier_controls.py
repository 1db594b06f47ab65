"""The tables of the dossier on controls, attacks and roles: what is in place, and its tests."""

from leitweg.domain.access import PURPOSES, ROLES
from leitweg.domain.document import Block, Run, Runs
from leitweg.language.dossier_texts import Place
from leitweg.privacy.access import RULES
from leitweg.privacy.controls import ATTACKS, CONTROLS, WAITS, Attack, Control
from leitweg.reports.dossier_tables import Builder, Telling, plain, table_of

LATER = frozenset(
    {
        *("own-view", "survey", "survey-results", "assess", "segment"),
        *("simulate", "plan", "assignment", "effect"),
    }
)
"""Actions that have a rule already and no command yet."""


def controls(place: Place, telling: Telling) -> tuple[Block, ...]:
    """C1 to C17: what each does, its state, the tests that prove it or why it waits."""
    return (table_of(place, (_control(place, control, telling) for control in CONTROLS)),)


def _control(place: Place, control: Control, telling: Telling) -> tuple[Runs, ...]:
    meaning, reason = place.cells(control.id)
    proof: list[Run] = []
    for test in control.tests:
        # one test in one line: its file says little more than its name
        proof += [Run("\n")] if proof else []
        proof += [Run("· "), Run(test.partition("::")[2], "code")]
    if reason:
        proof += [Run("\n")] if proof else []
        proof += telling.runs(reason)
    state = Run(telling.word(control.state), "plain" if control.state == WAITS else "strong")
    return (plain(control.id), telling.runs(meaning), (state,), tuple(proof) or plain("–"))


def risks(place: Place, telling: Telling) -> tuple[Block, ...]:
    """A1 to A13: what is tried, what holds against it, whether it was tested, what is left."""
    return (table_of(place, (_risk(place, attack, telling) for attack in ATTACKS)),)


def _risk(place: Place, attack: Attack, telling: Telling) -> tuple[Runs, ...]:
    tried, left = place.cells(attack.id)
    holds = plain(", ".join(attack.controls))
    if not attack.tests:
        return (
            plain(attack.id),
            telling.runs(tried),
            holds,
            plain("–"),
            plain(telling.word("untested")),
        )
    n = len(attack.tests)
    tests = plain(telling.word("test_one") if n == 1 else telling.word("test_count", n=n))
    return (plain(attack.id), telling.runs(tried), holds, tests, telling.runs(left))


def roles(place: Place, telling: Telling) -> tuple[Block, ...]:
    """Say what each role may do, for which purposes, as the software decides it."""
    return (table_of(place, (_role(place, role, telling) for role in ROLES)),)


def _role(place: Place, role: str, telling: Telling) -> tuple[Runs, ...]:
    own = {action: rule for action, rule in RULES.items() if role in rule.roles}
    served = [p for p in PURPOSES if p in {rule.purpose for rule in own.values()}]
    actions: list[Run] = []
    for action in own:
        actions += [Run(", ")] if actions else []
        style = "emphasis" if action in LATER else "plain"
        actions.append(Run(telling.word(f"do_{action}"), style))
    name = (Run(place.cells(role)[0], "strong"),)
    purposes = ", ".join(telling.word(p) for p in served) or telling.word("no_purpose")
    return (name, plain(purposes), tuple(actions) or plain(telling.word("nobody")))


BUILDERS: dict[str, Builder] = {"controls": controls, "risks": risks, "roles": roles}
