"""How findings are told: titles, places, certainty, and the honest variants."""

from dataclasses import replace

import pytest

import depth_fixture
import faces_fixture
from leitweg.domain.findings import Finding
from leitweg.language.catalogue import LANGUAGES
from leitweg.language.evidence import evidence_rows
from leitweg.language.findings import (
    certainty_words,
    finding_counterfactual,
    finding_meaning,
    finding_next,
    finding_place,
    finding_price,
    finding_title,
    kind_name,
)

FOUND = {finding.id: finding for finding in faces_fixture.FINDINGS}


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        (
            "bottleneck-1",
            "Everything waits long at Schadenprüfung",
            "Bei „Schadenprüfung“ wartet alles lange",
        ),
        (
            "slow_link-1",
            "Cases wait long on the way from Vertrieb Süd to Tarife (topic Tarifwechsel)",
            "Auf dem Weg von „Vertrieb Süd“ zu „Tarife“ warten Vorgänge lange (Thema Tarifwechsel)",
        ),
        (
            "misrouting-1",
            "Cases take a detour through Rechnungswesen on the way from Kundendienst to "
            "IT-Service (topic Zugang)",
            "Vorgänge nehmen einen Umweg über „Rechnungswesen“ auf dem Weg von „Kundendienst“ "
            "zu „IT-Service“ (Thema Zugang)",
        ),
        (
            "ping_pong-1",
            "Cases bounce between Recht and Schadenprüfung",
            "Vorgänge gehen zwischen „Recht“ und „Schadenprüfung“ hin und her",
        ),
        (
            "dead_end-1",
            "Cases get stuck at Vorstandsbüro (topic Beschwerde)",
            "Bei „Vorstandsbüro“ bleiben Vorgänge liegen (Thema Beschwerde)",
        ),
        (
            "smooth_link-1",
            "Cases pass quickly from Empfang & Post to Kundendienst: a good example",
            "Von „Empfang & Post“ zu „Kundendienst“ geht es zügig weiter: ein gutes Beispiel",
        ),
    ],
)
def test_titles(name, english, german):
    assert finding_title(FOUND[name], "en") == english
    assert finding_title(FOUND[name], "de") == german


def test_a_cleared_backlog_is_called_that_and_not_slow():
    backlog = FOUND["slow_link-2"]
    english = "Backlog cleared on 15 September 2025: Rechnungswesen to IT-Service"
    assert finding_title(backlog, "en") == english
    german = "Rückstau von „Rechnungswesen“ zu „IT-Service“ am 15. September 2025 abgebaut"
    assert finding_title(backlog, "de") == german
    assert "slow" not in finding_title(backlog, "en")
    assert "one day" in finding_meaning(backlog, "en")
    assert "warning" in finding_next(backlog, "en")


def test_uncertain_misrouting_is_a_question():
    asked = replace(FOUND["misrouting-2"], unit="W", from_unit="A", to_unit="B", where={})
    english = "60% of the cases pass through W on the way from A to B. Is that needed?"
    assert finding_title(asked, "en") == english
    german = "60\xa0% der Vorgänge gehen auf dem Weg von „A“ zu „B“ über „W“. Ist das nötig?"
    assert finding_title(asked, "de") == german
    assert certainty_words(asked, "de") == "offene Frage"
    assert finding_title(replace(asked, certainty=0.51), "en").startswith("Cases take a detour")
    plain = replace(asked, evidence={}, from_unit=None, to_unit=None)
    assert finding_title(plain, "en") == "Some cases pass through W. Is that needed?"


def test_a_bottleneck_without_contrast_says_so():
    alone = FOUND["bottleneck-2"]
    assert "cannot be told apart" in finding_title(alone, "en")
    assert "bleibt offen" in finding_title(alone, "de")
    assert finding_place(alone, "en") == "Rechnungswesen → Einkauf"


def test_only_a_dead_end_with_open_cases_sends_people_to_open_cases():
    stuck = replace(FOUND["dead_end-1"], evidence={"still_open": 4})
    assert "oldest open cases" in finding_next(stuck, "en")
    assert "ältesten offenen Vorgänge" in finding_next(stuck, "de")
    freed = replace(stuck, evidence={"still_open": 0})
    assert finding_next(freed, "en").startswith("Ask those who take such cases up again")
    assert finding_next(freed, "de").startswith("Bei denen nachfragen, die solche Vorgänge")
    assert finding_title(freed, "de") == finding_title(stuck, "de")
    assert "map and matrix" in finding_meaning(freed, "en")


def test_a_gap_that_the_log_cannot_decide_is_a_question():
    gap = depth_fixture.GAP
    assert finding_title(gap, "en") == (
        "A direct way from Vertrieb Nord to Recht is missing (topic Vertrag)"
    )
    assert "über „Tarife“ und „Schadenprüfung“" in finding_meaning(gap, "de")
    unsure = {**gap.evidence, "between_adds_nothing": False}
    asked = replace(gap, certainty=0.5, evidence=unsure, where={})
    assert finding_title(asked, "en") == (
        "From Vertrieb Nord to Recht the way nearly always leads through Tarife and "
        "Schadenprüfung. Is that needed?"
    )
    assert certainty_words(asked, "de") == "offene Frage"
    thin = depth_fixture.EXPECTED_GAP
    assert finding_title(thin, "en") == (
        "Less passes from Tarife to Schadenprüfung than one would expect"
    )


def test_a_silo_names_its_block():
    silo = depth_fixture.SILO
    assert finding_title(silo, "de") == (
        "„Tarife“, „Vertrieb Nord“ und „Vertrieb Süd“ bleiben mehr unter sich, als die Arbeit "
        "erklärt"
    )
    assert finding_place(silo, "en") == "Vertrieb Süd and 2 more"
    many = replace(silo, evidence={"units": list("ABCDE")})
    assert finding_title(many, "en").startswith("A, B and 3 more keep more to themselves")
    alone = replace(silo, evidence={})
    assert finding_title(alone, "en") == "Vertrieb Süd keeps more to itself than its work explains"


def test_a_key_position_is_a_risk_of_a_position():
    key = depth_fixture.KEY_POSITION
    assert finding_price(key, "de") == "64 Std./Monat (20 bis 130) gefährdet"
    assert finding_place(key, "de") == "Schadenprüfung, Stelle: Gutachten"
    assert "--kind absences" in finding_counterfactual(depth_fixture.NO_ABSENCES, "en")


def test_a_bottleneck_says_whether_it_follows_its_load():
    assert finding_meaning(depth_fixture.FOLLOWS_LOAD, "en").endswith(
        "the more lies here, the longer everything waits."
    )
    assert "follow the load" not in finding_meaning(FOUND["bottleneck-1"], "en")


def test_evidence_in_depth_is_written_by_what_it_is():
    rows = dict(evidence_rows("en", depth_fixture.OVERLOAD.evidence))
    assert rows["Longer wait for each further case lying here"] == "2.1% (1.2% to 3.0%)"
    gap = dict(evidence_rows("en", depth_fixture.GAP.evidence))
    assert gap["Seen in"] == "the ways of cases, the number of transactions"
    assert gap["Price against the usual way, per month"] == "160 h/month"


def test_places():
    assert finding_place(FOUND["ping_pong-1"], "de") == "Recht ↔ Schadenprüfung"
    assert finding_place(FOUND["slow_link-1"], "de") == "Vertrieb Süd → Tarife, Thema: Tarifwechsel"
    assert finding_place(FOUND["bottleneck-1"], "en") == "Schadenprüfung"
    nowhere = replace(FOUND["bottleneck-1"], unit=None)
    assert finding_place(nowhere, "en") == "(place held back)"


def test_prices():
    assert finding_price(FOUND["bottleneck-1"], "de") == "1.204 Std./Monat (940 bis 1.502)"
    assert finding_price(FOUND["smooth_link-1"], "en") == "96 h/month (61 to 130) saved"
    assert finding_price(FOUND["dead_end-1"], "de") == "ohne Preis"


@pytest.mark.parametrize(
    ("certainty", "words"), [(0.9, "well supported"), (0.6, "likely"), (0.3, "weak hint")]
)
def test_certainty_in_words(certainty, words):
    finding = replace(FOUND["slow_link-1"], certainty=certainty)
    assert certainty_words(finding, "en") == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_explained_without_a_gap(language):
    for finding in faces_fixture.FINDINGS:
        for tell in (finding_counterfactual, finding_meaning, finding_next):
            text = tell(finding, language)
            assert text.endswith((".", "?")), (finding.id, text)
            assert "{" not in text


def test_an_unknown_kind_still_has_a_title():
    odd = Finding("x", "odd_kind", "unit", "U", None, None, {}, None, 1, None, 0.5)
    assert finding_title(odd, "de") == "odd kind: U"
    assert kind_name("odd_kind", "de") == "odd kind"


def test_braces_in_a_name_stay_braces():
    hostile = replace(FOUND["bottleneck-1"], unit="{unit} {0}")
    assert finding_title(hostile, "en") == "Everything waits long at {unit} {0}"
