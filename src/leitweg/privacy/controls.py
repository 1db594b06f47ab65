"""Which controls are in place, which tests prove them, and which attack does each hold against?

A test is named by its file below `tests/` and its function; a house test looks for each of them.
Method: docs/methods/dossier.md.
"""

from dataclasses import dataclass

BUILT, PARTLY, WAITS = "built", "partly", "waits"


@dataclass(frozen=True)
class Control:
    """A control: its state, and the tests that prove it (none where it waits)."""

    id: str
    state: str
    tests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attack:
    """An attack: what holds against it, and the tests that tried it (none: not tried yet)."""

    id: str
    controls: tuple[str, ...]
    tests: tuple[str, ...] = ()


CONTROLS = (
    Control(
        "C1",
        BUILT,
        (
            "privacy/test_pseudonyms.py::test_a_pseudonym_is_the_keyed_hash_of_kind_and_canonical_id",
            "privacy/test_protected_demo.py::test_the_workspace_itself_names_nobody",
        ),
    ),
    Control(
        "C2",
        BUILT,
        (
            "privacy/test_release.py::test_nothing_about_fewer_than_five_people_keeps_a_number",
            "privacy/test_network_release.py::test_nothing_about_fewer_than_k_people_leaves",
        ),
    ),
    Control("C3", WAITS),
    Control("C4", WAITS),
    Control("C5", WAITS),
    Control("C6", WAITS),
    Control("C7", WAITS),
    Control("C8", WAITS),
    Control("C9", WAITS),
    Control("C10", WAITS),
    Control(
        "C11",
        PARTLY,
        ("house/test_house_features.py::test_no_released_list_orders_persons_by_a_number",),
    ),
    Control("C12", WAITS),
    Control("C13", WAITS),
    Control(
        "C14",
        BUILT,
        (
            "house/test_house_features.py::test_no_model_looks_at_what_is_denied",
            "house/test_house_features.py::test_no_canonical_column_holds_what_is_denied",
        ),
    ),
    Control(
        "C15",
        BUILT,
        (
            "studies/test_dossier.py::test_a_dossier_goes_stale_with_each_part_it_describes",
            "reports/test_dossier_models.py::test_every_measurement_stands_on_its_page",
        ),
    ),
    Control(
        "C16",
        BUILT,
        ("privacy/test_network_release.py::test_nothing_about_fewer_than_k_people_leaves",),
    ),
    Control("C17", WAITS),
)
"""C1 to C17 in the order of the dossier."""

ATTACKS = (
    Attack("A1", ("C4",)),
    Attack("A2", ("C4",)),
    Attack("A3", ("C3",)),
    Attack("A4", ("C5",)),
    Attack("A5", ("C4",)),
    Attack("A6", ("C5",)),
    Attack("A7", ("C16",)),
    Attack("A8", ("C1",)),
    Attack("A9", ("C9",)),
    Attack("A10", ("C2", "C7")),
    Attack("A11", ("C14",)),
    Attack("A12", ("C4",)),
    Attack("A13", ("C2", "C3")),
)
"""A1 to A13 in the order of the dossier."""
