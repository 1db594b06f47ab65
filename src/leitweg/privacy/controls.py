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


_ATTACKS = "privacy/test_attacks.py"

CONTROLS = (
    Control(
        "C1",
        BUILT,
        (
            "privacy/test_pseudonyms.py::test_a_pseudonym_is_the_keyed_hash_of_kind_and_canonical_id",
            "privacy/test_canonical.py::test_spellings_of_one_mailbox_or_person_are_one",
            "privacy/test_seeded_names.py::test_no_file_of_the_workspace_and_of_its_keys_holds_a_seed",
            "privacy/test_seeded_names.py::test_no_answer_report_or_export_holds_a_seed",
            "privacy/test_seeded_names.py::test_no_error_message_holds_a_seed",
            "store/test_keys.py::test_a_key_that_others_may_read_is_refused",
            "store/test_purpose_keys.py::test_each_purpose_has_a_key_of_its_own_that_stays",
            "studies/test_importing.py::test_without_its_key_a_protected_workspace_takes_nothing_in",
            "studies/test_rekeying.py::test_the_old_key_opens_nothing_any_more",
        ),
    ),
    Control(
        "C2",
        BUILT,
        (
            "privacy/test_release.py::test_nothing_about_fewer_than_five_people_keeps_a_number",
            "privacy/test_release.py::test_a_link_is_as_small_as_its_smaller_side",
            "privacy/test_network_release.py::test_nothing_about_fewer_than_k_people_leaves",
            "privacy/test_merged_rows.py::test_what_is_too_small_is_shown_together",
            "studies/test_breakdown.py::test_no_cell_of_the_demo_company_is_about_few",
        ),
    ),
    Control(
        "C3",
        BUILT,
        (
            "privacy/test_published_tables.py::test_no_hidden_cell_is_told_by_the_totals",
            "privacy/test_published_tables.py::test_no_hidden_cell_of_a_thousand_tables_is_told",
            "studies/test_breakdown.py::test_no_hidden_cell_follows_from_the_totals_of_its_table",
        ),
    ),
    Control(
        "C4",
        BUILT,
        (
            "privacy/test_ledger.py::test_the_fourth_of_four_groups_that_isolate_one_person_is_refused",
            "privacy/test_ledger.py::test_two_users_share_the_ledger",
            "privacy/test_ledger.py::test_a_restart_forgets_nothing",
            "privacy/test_random_questions.py::test_nobody_is_isolated_by_any_combination",
            "privacy/test_scope_ledger.py::test_no_combination_of_answers_tells_of_few",
            "studies/test_breakdown.py::test_no_sequence_of_questions_isolates_anybody",
        ),
    ),
    Control(
        "C5",
        BUILT,
        (
            f"{_ATTACKS}::test_a4_what_everybody_of_a_group_shares_is_not_told",
            f"{_ATTACKS}::test_a6_a_flow_that_one_person_makes_nearly_alone_is_not_told",
        ),
    ),
    Control(
        "C6",
        BUILT,
        (
            "privacy/test_noise.py::test_opendp_proves_no_more_than_was_asked_for",
            "privacy/test_noise.py::test_neighbours_are_as_hard_to_tell_apart_as_promised",
            "studies/test_noised_breakdown.py::test_the_budget_ends_and_nothing_is_answered",
        ),
    ),
    Control(
        "C7",
        BUILT,
        (
            "privacy/test_access.py::test_the_whole_matrix_of_roles_actions_and_purposes",
            "privacy/test_access.py::test_what_nobody_named_is_refused",
            f"{_ATTACKS}::test_roles_without_data_get_none",
            "studies/test_asking.py::test_no_question_is_answered_before_its_purpose_is_on",
        ),
    ),
    Control(
        "C8",
        BUILT,
        (
            "studies/test_retaining.py::test_counts_of_a_quarter_survive_and_nothing_links_two_quarters_or_a_person",
            "studies/test_retaining.py::test_no_file_holds_a_person_any_more_not_even_one_that_nothing_names",
            "studies/test_retaining.py::test_what_went_is_certified",
            "studies/test_backups.py::test_what_went_by_time_goes_again_after_a_restore",
        ),
    ),
    Control(
        "C9",
        BUILT,
        (
            "studies/test_person_rights.py::test_an_erased_person_is_in_no_file",
            "studies/test_person_rights.py::test_after_an_erasure_the_tables_are_those_of_files_without_the_person",
            "studies/test_backups.py::test_a_restore_does_not_bring_back_who_was_erased_since",
            "studies/test_person_rights.py::test_two_people_named_by_the_same_others_learn_nothing_by_comparing",
        ),
    ),
    Control(
        "C10",
        BUILT,
        (
            "privacy/test_audit_chain.py::test_a_changed_value_is_found_in_every_column_of_every_row",
            "privacy/test_audit_chain.py::test_a_removed_row_is_found",
            "privacy/test_audit_chain.py::test_an_end_that_was_cut_off_is_found_and_stays_found",
            "studies/test_asking.py::test_no_value_that_names_somebody_is_in_the_log",
            "studies/test_asking.py::test_what_cannot_be_noted_is_not_answered",
        ),
    ),
    Control(
        "C11",
        PARTLY,
        ("house/test_house_features.py::test_no_released_list_orders_persons_by_a_number",),
    ),
    Control("C12", WAITS),
    Control(
        "C13",
        BUILT,
        (
            "studies/test_entering.py::test_offices_of_confidence_stay_outside_a_protected_workspace",
            "studies/test_entering.py::test_who_is_excluded_later_leaves_the_disk",
            "privacy/test_well_known.py::test_mailboxes_of_confidence_are_told",
        ),
    ),
    Control(
        "C14",
        BUILT,
        (
            "house/test_house_features.py::test_no_model_looks_at_what_is_denied",
            "house/test_house_features.py::test_no_canonical_column_holds_what_is_denied",
            "studies/test_entering.py::test_attributes_stay_only_where_they_are_named",
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
        (
            f"{_ATTACKS}::test_a7_no_exported_network_has_a_person_or_a_small_unit",
            "privacy/test_network_release.py::test_nothing_about_fewer_than_k_people_leaves",
        ),
    ),
    Control(
        "C17",
        BUILT,
        ("privacy/test_controls.py::test_every_attack_of_the_catalogue_is_tried",),
    ),
)
"""C1 to C17 in the order of the dossier."""

ATTACKS = (
    Attack(
        "A1",
        ("C4",),
        (
            f"{_ATTACKS}::test_a1_two_periods_that_differ_by_a_little",
            f"{_ATTACKS}::test_a1_a_unit_and_the_same_unit_at_one_site",
        ),
    ),
    Attack(
        "A2",
        ("C4",),
        (
            f"{_ATTACKS}::test_a2_four_groups_are_refused_at_the_fourth_question_over_users_and_restarts",
        ),
    ),
    Attack(
        "A3",
        ("C3",),
        (
            f"{_ATTACKS}::test_a3_no_small_cell_is_a_total_less_the_others",
            f"{_ATTACKS}::test_a3_handovers_of_all_links_less_those_shown_are_of_many",
        ),
    ),
    Attack("A4", ("C5",), (f"{_ATTACKS}::test_a4_what_everybody_of_a_group_shares_is_not_told",)),
    Attack(
        "A5",
        ("C4",),
        (
            f"{_ATTACKS}::test_a5_a_joiner_is_not_the_difference_of_two_answers",
            f"{_ATTACKS}::test_a5_neighbouring_periods_of_a_breakdown",
        ),
    ),
    Attack(
        "A6",
        ("C5",),
        (f"{_ATTACKS}::test_a6_a_flow_that_one_person_makes_nearly_alone_is_not_told",),
    ),
    Attack(
        "A7", ("C16",), (f"{_ATTACKS}::test_a7_no_exported_network_has_a_person_or_a_small_unit",)
    ),
    Attack(
        "A8", ("C1",), (f"{_ATTACKS}::test_a8_a_list_of_addresses_finds_nobody_without_the_key",)
    ),
    Attack("A9", ("C9",), (f"{_ATTACKS}::test_a9_the_data_of_a_person_name_nobody_else",)),
    Attack(
        "A10",
        ("C2", "C3"),
        (f"{_ATTACKS}::test_a10_the_only_part_timer_of_a_unit_is_not_told",),
    ),
    Attack("A11", ("C14",), (f"{_ATTACKS}::test_a11_texts_and_attributes_are_not_stored",)),
    Attack("A12", ("C4", "C9"), (f"{_ATTACKS}::test_a12_before_and_after_an_erasure",)),
    Attack(
        "A13",
        ("C2", "C3"),
        (
            f"{_ATTACKS}::test_a13_what_is_held_back_looks_the_same_whatever_the_reason",
            f"{_ATTACKS}::test_a13_a_refused_set_says_nothing_but_no",
        ),
    ),
)
"""A1 to A13 in the order of the dossier."""
