"""The report in depth: causes, network, thin links, load, key positions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html as lxml_html

import depth_fixture
import faces_fixture
from leitweg.reports.html import situation_html

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _tree(released, language="de"):
    return lxml_html.fromstring(situation_html(released, language, AT))


def _text(element) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def german():
    return _tree(depth_fixture.in_depth())


@pytest.mark.parametrize("make", ["in_depth", "estimated", "all_held_back", "hostile"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_place_of_the_contents_is_on_the_page(make, language):
    tree = _tree(getattr(depth_fixture, make)(), language)
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    links = {a.get("href")[1:] for a in tree.iter("a")}
    assert links <= set(ids)
    order = [s.get("id") for s in tree.iter("section")]
    listed = [a.get("href")[1:] for a in tree.xpath("//nav//a")]
    assert order == listed
    assert "{" not in _text(tree.find("body")).replace("{unit}", "")


def test_every_picture_has_its_table(german):
    figures = list(german.iter("figure"))
    assert len(figures) == 7
    assert all(len(f.xpath(".//details//tbody/tr")) >= 1 for f in figures)


def test_causes_are_told_with_what_helps(german):
    section = german.get_element_by_id("causes")
    assert "Der größte Grund: Niemand da." in _text(section)
    first = section.xpath(".//ul[@class='causes']/li")[0]
    assert _text(first).startswith("Niemand da40 %, 2.353 Std./Monat")
    assert "Vertretungen" in _text(first)
    rows = {tr[0].text: [_text(td) for td in tr[1:]] for tr in section.xpath(".//tbody/tr")}
    assert rows["Das ganze Unternehmen"][-1] == "5.883 Std./Monat"
    assert rows["Recht"][3] == "394 (77 %)"
    assert rows["Vorstandsbüro"][0] == "zurückgehalten"
    link = german.xpath("//section[@id='flow']//tbody/tr[1]/td[last()]")[0]
    assert _text(link) == "Niemand da (40 %)"


def test_estimated_causes_say_so():
    section = _tree(depth_fixture.estimated(), "en").get_element_by_id("causes")
    assert "Estimated: the log does not say when work began" in _text(section)


def test_where_states_tell_the_work_the_causes_say_how_sure_they_are():
    whole = depth_fixture.in_depth()
    states = replace(whole, coverage=replace(whole.coverage, missing=("states-as-work",)))
    told = _text(_tree(states).get_element_by_id("causes"))
    assert "Die gefüllte Arbeitszeit ist darum eine Obergrenze" in told
    assert "Obergrenze" not in _text(_tree(whole).get_element_by_id("causes"))


def test_what_cannot_be_told_says_why_and_what_helps():
    tree = _tree(faces_fixture.situation(), "en")
    causes = _text(tree.get_element_by_id("causes"))
    assert "cannot be told, because the log does not say when work started" in causes
    assert "--map started=COLUMN" in causes
    assert "nobody handed anything" in _text(tree.get_element_by_id("network"))
    assert "cannot be told" in _text(tree.get_element_by_id("load"))
    assert "--kind positions" in _text(tree.get_element_by_id("load"))


def test_everything_held_back_is_said_in_words():
    tree = _tree(depth_fixture.all_held_back(), "de")
    assert "wie viele Personen dahinterstehen" in _text(tree.get_element_by_id("network"))
    rows = tree.get_element_by_id("load").xpath(".//tbody/tr")
    assert {_text(row[1]) for row in rows} == {"zurückgehalten"}


def test_the_network_is_told_in_words_and_in_a_table(german):
    section = german.get_element_by_id("network")
    told = _text(section)
    assert "61 % aller Transaktionen führen in eine andere Einheit" in told
    assert "Durch Zufall wären es 70,5 %; es ist deutlich weniger." in told
    rows = {tr[0].text: [_text(td) for td in tr[1:]] for tr in section.xpath(".//tbody/tr")}
    assert rows["Kundendienst"][0] == "1"
    assert rows["Kundendienst"][8] == "Brücke 50 %, Eingang 36 %"
    assert rows["Rechnungswesen"][-1] == "ja"
    assert rows["Vorstandsbüro"][0] == "zurückgehalten"
    assert rows["In andere Einheiten oder Bereiche (E-I-Index)"][3] == "−5,3"


def test_persons_stand_in_the_order_of_names():
    whole = depth_fixture.in_depth()
    network = depth_fixture.replace(whole.network, nodes="person")
    tree = _tree(depth_fixture.replace(whole, network=network), "en")
    section = tree.get_element_by_id("network")
    names = [tr[0].text for tr in section.xpath(".//figure//tbody/tr")]
    assert names[:5] == sorted(names[:5])
    assert "no ranking of people" in _text(section)


def test_thin_links_are_a_question_and_gaps_lead_to_their_cards(german):
    section = german.get_element_by_id("absent")
    rows = [[_text(td) for td in tr] for tr in section.xpath(".//tbody/tr")]
    assert rows[0] == ["Vertrieb Nord", "Recht", "61", "0", "61", "< 0,1 %"]
    assert rows[2][2] == "zurückgehalten"
    links = [a.get("href") for a in section.xpath(".//ul//a")]
    assert links == ["#gap-4", "#gap-11"]
    assert "haben 62 auch eine direkte Verbindung" in _text(section)


def test_load_and_key_positions(german):
    section = german.get_element_by_id("load")
    assert "In 2 von 6 Einheiten füllt die Arbeit mehr als 85 %" in _text(section)
    rows = [[_text(td) for td in tr] for tr in section.xpath(".//figure//tbody/tr")]
    assert rows[0][0] == "Schadenprüfung: Gutachten"
    assert rows[0][3:6] == ["97 %", "92 % bis 103 %", "59 %"]
    assert rows[-2][3] == "k. A. (es sind keine Arbeitszeiten bekannt)"
    keys = [[_text(td) for td in tr] for tr in section.xpath("./div//tbody/tr")]
    assert keys[0][-2:] == ["Schadenbewertung (6 Personen)", "64 Std./Monat (20 bis 130) gefährdet"]
    assert keys[1][-1] == "ohne Preis"


def test_a_risk_is_neither_among_the_costs_nor_in_the_sum(german):
    summary = german.get_element_by_id("summary")
    lists = summary.xpath(".//ol")
    assert [a.get("href") for a in lists[1].iter("a")] == ["#key_position-13"]
    assert "64 Std./Monat gefährdet" in _text(lists[1])
    assert "in den 12 Befunden" in _text(summary)  # of 15: two risks and a good example less
    card = german.get_element_by_id("key_position-14")
    assert "ohne Preis: die Daten nennen keine Abwesenheiten." in _text(card)


def test_names_from_the_data_stay_names():
    page = situation_html(depth_fixture.hostile(), "en", AT)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
