"""Service lines as units are really named."""

import pytest

from leitweg.situation.service_lines import lines_of


@pytest.mark.parametrize(
    ("unit", "line"),
    [
        ("G97", 1),
        ("V3 2nd", 2),
        ("V5 3rd", 3),
        ("Netz 2. Linie", 2),
        ("Support Level 3", 3),
        ("L1 2nd", 2),
        ("Dritte Stufe", 3),
        ("second-line support", 2),
        ("Line 2 Munich", 2),
        ("Secondary school", 1),
        ("Online-Service", 1),
    ],
)
def test_the_line_of_a_unit(unit, line):
    assert lines_of([unit]).tolist() == [line]
