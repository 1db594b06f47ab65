"""Every control that is said to be in place names tests that exist."""

import ast
from pathlib import Path

import pytest

from leitweg.privacy.controls import ATTACKS, BUILT, CONTROLS, PARTLY, WAITS

TESTS = Path(__file__).parents[1]
NAMED = sorted({test for found in (*CONTROLS, *ATTACKS) for test in found.tests})


def functions_in(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("test", NAMED)
def test_every_named_test_exists(test):
    file, _, function = test.partition("::")
    assert (TESTS / file).is_file()
    assert function.startswith("test_")
    assert function in functions_in(TESTS / file)


def test_controls_and_attacks_are_those_of_the_catalogue():
    assert [control.id for control in CONTROLS] == [f"C{n}" for n in range(1, 18)]
    assert [attack.id for attack in ATTACKS] == [f"A{n}" for n in range(1, 14)]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
def test_what_is_in_place_is_proved_and_what_waits_is_not(control):
    assert control.state in (BUILT, PARTLY, WAITS)
    assert bool(control.tests) == (control.state != WAITS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_every_attack_meets_a_control(attack):
    assert attack.controls
    assert set(attack.controls) <= {control.id for control in CONTROLS}


def test_every_attack_of_the_catalogue_is_tried():
    assert [attack.id for attack in ATTACKS if not attack.tests] == []
    for attack in ATTACKS:
        name = attack.id.lower()
        assert all(f"::test_{name}_" in test for test in attack.tests)
