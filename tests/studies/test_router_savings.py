"""What the router would have saved: planted detours with known hours, and stops that are needed."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from leitweg.domain.imports import ImportOptions
from leitweg.language.findings import finding_router
from leitweg.studies.importing import import_files
from leitweg.studies.purposes import switch_purpose
from leitweg.studies.situation import analyse
from purposes import allow

START = datetime(2026, 1, 5, tzinfo=UTC)
N_CASES = 1200
EVERY = 3  # hours from case to case; every second one is of topic T
DIRECT, THROUGH = 2, 9  # hours from the desk to Claims
TEAM = 7
FACTS = (
    "router_saved_hours_per_month",
    "router_spared_share",
    "router_astray_share",
    "router_cases",
)


def path_of(case):
    """One in three of topic T goes through Post, for nothing; Claims resolves it."""
    if case % 2:
        return [("Desk", 0), ("Sales", DIRECT)]
    if case // 2 % 3 == 0:
        return [("Desk", 0), ("Post", 4), ("Claims", THROUGH)]
    return [("Desk", 0), ("Claims", DIRECT)]


def imported(home, *, path=path_of, size=lambda _: "", team=lambda _: TEAM, profile="open"):
    lines = ["case_id,at,person,unit,topic,size"]
    for case in range(N_CASES):
        opened = START + timedelta(hours=EVERY * case)
        for unit, hours in path(case):
            at = (opened + timedelta(hours=hours)).isoformat()
            people = team(case) if unit == "Post" else TEAM
            person = f"{unit.lower()}{case // 6 % people}@x.example"
            lines.append(f"V-{case},{at},{person},{unit},{'OT'[case % 2 == 0]},{size(case)}")
    home.mkdir(exist_ok=True)
    (home / "log.csv").write_text("\n".join(lines), encoding="utf-8")
    workspace = home / "w"
    import_files(workspace, [home / "log.csv"], ImportOptions(), profile=profile)
    return allow(workspace, "routing", "path-analysis")


def misrouting_in(workspace):
    released = analyse(workspace)
    return [f for f in released.findings if f.kind == "misrouting"]


def of_post(workspace):
    (found,) = [f for f in misrouting_in(workspace) if f.unit == "Post"]
    return found


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("planted") / "open")


@pytest.fixture(scope="module")
def protected(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("planted") / "protected", profile="protected")


def test_the_planted_hours_would_have_been_saved(planted):
    found = of_post(planted)
    saved = found.evidence["router_saved_hours_per_month"]
    # one detour every eighteen hours, and each costs seven
    hours = (THROUGH - DIRECT) * 30.4375 * 24 / (EVERY * 6)
    usual = 1 - found.evidence["usual_share"] / found.evidence["share"]
    assert saved["value"] == pytest.approx(hours * usual, rel=0.03)
    assert saved["low"] <= hours * usual <= saved["high"]
    assert 0 < saved["high"] - saved["low"] < hours
    assert found.evidence["router_spared_share"] == 1
    assert found.evidence["router_astray_share"] == 0


def test_only_the_last_quarter_is_replayed(planted):
    # the last fourth of five months, one detour every eighteen hours
    cases = of_post(planted).evidence["router_cases"]
    assert cases == pytest.approx(N_CASES / 4 / 6, abs=2)


def test_the_saving_is_part_of_the_price(planted):
    found = of_post(planted)
    assert found.evidence["router_saved_hours_per_month"]["value"] == pytest.approx(
        found.price.value, rel=0.05
    )


def test_a_stop_that_a_known_attribute_demands_is_not_spared(tmp_path):
    # large cases all go through Post, others never do
    def size(case):
        return "large" if case % 2 == 0 and case // 2 % 3 == 0 else "small"

    evidence = of_post(imported(tmp_path, size=size)).evidence
    assert evidence["router_spared_share"] == 0
    assert evidence["router_saved_hours_per_month"] == {"value": 0, "low": 0, "high": 0}


def test_a_stop_that_finds_out_where_to_go_saves_nothing(tmp_path):
    def path(case):
        # whether a case of topic T is for Claims or Law, nobody knows when it arrives
        right = "Law" if Random(case).random() < 0.5 else "Claims"
        return [(right if unit == "Claims" else unit, hours) for unit, hours in path_of(case)]

    evidence = of_post(imported(tmp_path, path=path)).evidence
    # where it guesses, it guesses as many direct ways wrong
    assert evidence["router_astray_share"] == pytest.approx(
        evidence["router_spared_share"], abs=0.05
    )
    assert evidence["router_saved_hours_per_month"]["value"] <= 0


def test_cases_that_it_would_have_sent_astray_are_subtracted(tmp_path):
    def is_law(case):
        return case % 6 and case % 2 == 0 and Random(case).random() < 1 / 10

    def path(case):
        # some of topic T go straight to Law and belong there; the router says Claims
        return [("Desk", 0), ("Law", DIRECT)] if is_law(case) else path_of(case)

    evidence = of_post(imported(tmp_path, path=path)).evidence
    later = range(N_CASES * 3 // 4, N_CASES)
    detours = sum(case % 6 == 0 for case in later)
    astray = sum(map(bool, map(is_law, later)))
    assert astray >= 5
    assert evidence["router_astray_share"] == pytest.approx(astray / (2 * detours), abs=0.015)
    months = len(later) * EVERY / 24 / 30.4375
    usual = 1 - evidence["usual_share"] / evidence["share"]
    net = (THROUGH - DIRECT) * (detours - astray) / months * usual
    saved = evidence["router_saved_hours_per_month"]
    assert saved["value"] == pytest.approx(net, rel=0.04)
    assert saved["low"] <= net <= saved["high"]


def test_nothing_is_said_of_a_detour_too_rare_in_the_quarter(tmp_path):
    def path(case):
        later = case > N_CASES * 0.7
        return [("Desk", 0), ("Claims", DIRECT)] if later and case % 2 == 0 else path_of(case)

    assert not set(FACTS) & set(of_post(imported(tmp_path, path=path)).evidence)


def test_it_leaves_a_protected_workspace_with_its_finding(protected):
    evidence = of_post(protected).evidence
    assert evidence["router_saved_hours_per_month"]["value"] > 100
    assert evidence["router_spared_share"] == 1


def test_it_is_not_said_where_the_purpose_is_off(tmp_path):
    workspace = imported(tmp_path, profile="protected")
    switch_purpose(workspace, "routing", on=False, by="Test")
    assert not set(FACTS) & set(of_post(workspace).evidence)


def test_it_stays_inside_with_a_finding_about_too_few(tmp_path):
    workspace = imported(tmp_path, team=lambda _: 4, profile="protected")
    assert misrouting_in(workspace) == []
    assert "router" not in repr(analyse(workspace).findings)


def test_it_stays_inside_where_too_few_stand_behind_the_quarter(tmp_path):
    # seven at Post at first, four in the quarter that is replayed
    def team(case):
        return 4 if case > N_CASES * 0.7 else TEAM

    evidence = of_post(imported(tmp_path, team=team, profile="protected")).evidence
    assert [evidence[name] for name in FACTS] == [None] * 4


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "the router would have sent 100%"),
        ("de", "Der Router hätte im letzten Quartal 100\u00a0%"),
    ],
)
def test_it_is_told_in_one_sentence(planted, language, words):
    found = of_post(planted)
    sentence = finding_router(found, language)
    assert words in sentence
    # no log can tell whether the stop was needed: the sentence says so first
    assert sentence.startswith(("If it is not", "Falls die Station nicht nötig ist"))
