"""The report: one file, both languages, nothing loaded, nothing run, a table for each picture."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from lxml import html as lxml_html

import faces_fixture
from leitweg.reports.html import situation_html
from leitweg.reports.tables import MOST_ROWS

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SITUATIONS = ("situation", "without_clock", "nothing_found", "empty", "mails_only", "all_held_back")


def _page(name: str, language: str = "de") -> str:
    return situation_html(getattr(faces_fixture, name)(), language, AT)


def _text(page: str) -> str:
    return " ".join(lxml_html.fromstring(page).text_content().split())


@pytest.fixture(scope="module")
def german() -> str:
    return _page("situation")


@pytest.fixture(scope="module")
def english() -> str:
    return _page("situation", "en")


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in known:
            self.ids.append(known["id"])
        self.addresses += [v for k, v in attrs if k in ("href", "src", "xlink:href") and v]
        assert not any(name.startswith("on") for name in known)
        assert tag not in ("script", "iframe", "link", "img", "object", "embed")


def _checked(page: str) -> _Checker:
    checker = _Checker()
    checker.feed(page)
    return checker


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_stands_alone_and_is_well_ordered(name, language):
    page = _page(name, language)
    found = _checked(page)
    assert found.headings[0] == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    assert len(found.ids) == len(set(found.ids))
    inside = {f"#{name}" for name in found.ids}
    assert set(found.addresses) <= inside
    assert set(re.findall(r"https?://[^\"'<> ]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in page
    assert f'<html lang="{language}">' in page


def test_the_summary_tells_the_three_costliest(german, english):
    text = _text(german)
    assert "Jeden Monat warten Kunden 5.883 Stunden (5.590 bis 6.190)" in text
    assert "1.790 Stunden davon liegen in den 8 Befunden" in text
    assert "Betrachtet wurden 8.122 Vorgänge mit 61.544 Ereignissen in 12 Einheiten" in text
    top = lxml_html.fromstring(english).xpath("//section[@id='summary']//ol")[0]
    assert [a.text_content() for a in top.iter("a")] == [
        "Everything waits long at Schadenprüfung",
        "Cases wait long on the way from Vertrieb Süd to Tarife (topic Tarifwechsel)",
        "Cases take a detour through Rechnungswesen on the way from Kundendienst to IT-Service "
        "(topic Zugang)",
    ]
    assert next(a.get("href") for a in top.iter("a")) == "#bottleneck-1"


def test_every_picture_has_its_table_and_its_words(german):
    tree = lxml_html.fromstring(german)
    figures = list(tree.iter("figure"))
    assert len(figures) == 4
    for figure in figures:
        assert len(list(figure.iter("svg"))) == 1
        svg = next(figure.iter("svg"))
        assert svg.get("role") == "img"
        names = svg.get("aria-labelledby").split()
        assert all(tree.get_element_by_id(name).text for name in names)
        assert len(figure.xpath(".//details//tbody/tr")) >= 1


def test_tables_have_heads_and_values(english):
    tree = lxml_html.fromstring(english)
    for table in tree.iter("table"):
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
    row = tree.xpath("//section[@id='flow']//tbody/tr[1]")[0]
    cells = [cell.text_content() for cell in row]
    assert cells == [
        "Kundendienst",
        "Schadenprüfung",
        "1,480",
        "1,102",
        "58",
        "20 h",
        "3.7 days",
        "1,510 h/month",
        "1.4 h",
    ]


def test_cards_tell_price_place_and_what_comes_next(german):
    card = lxml_html.fromstring(german).get_element_by_id("slow_link-2")
    facts = {d.findtext("dt"): d.find("dd").text_content() for d in card.xpath(".//dl/div")}
    assert (facts["Vorgänge"], facts["Personen"], facts["Übergaben"]) == ("371", "39", "410")
    assert facts["Sicherheit"] == "●●●●○ gut belegt"
    assert card.xpath(".//span[@class='price']")[0].text == "302 Std./Monat"
    assert card.xpath(".//span[@class='price']/small")[0].text == "210 bis 403"
    rows = {tr[0].text: tr[1].text for tr in card.xpath(".//tbody/tr")}
    assert rows["Wartezeit als Vielfaches des Vergleichs"] == "3,10"
    assert "Beide Seiten sehen gemeinsam nach" in card.text_content()


def test_case_ids_lead_on_where_they_may_be_shown(english):
    assert "V-1001, V-1007, V-1012, V-1044, V-1051, V-1090 and 1 more" in _text(english)


def test_a_held_back_row_shows_no_number(english):
    tree = lxml_html.fromstring(english)
    row = tree.xpath("//section[@id='line']//tr[th='Vorstandsbüro']")[0]
    assert [c.text_content() for c in row][1:] == ["held back", *[""] * 8]


def test_names_from_the_data_stay_names():
    page = _page("hostile", "en")
    _checked(page)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>fett</b>" not in page
    assert "Cases bounce between =1+1 and Schadenprüfung" in _text(page)


def test_without_a_clock_nothing_is_said_about_waiting():
    text = _text(_page("without_clock", "en"))
    assert "The log has no times" in text
    assert "in a log that has an order but no times" in text
    assert "Where most handovers are affected" in text
    assert "280 handovers" in text


def test_mails_without_cases_are_counted_as_mails():
    text = _text(_page("mails_only", "de"))
    looked = "Betrachtet wurden 58.463 Nachrichten zwischen 33 Einheiten, vom 1. Januar 2025 bis"
    assert looked in text
    assert "abgeschlossen vom" not in text


def test_no_findings_is_an_answer():
    text = _text(_page("nothing_found", "de"))
    assert "Auch das ist eine Antwort" in text
    assert "--map topic=SPALTE" in text


def test_everything_held_back_still_says_why():
    text = _text(_page("all_held_back", "en"))
    assert "Some findings may not be shown: alone, or together with what is shown here" in text
    assert "how many people stand behind it is unknown" in text


def test_a_long_table_ends_with_a_note():
    page = situation_html(faces_fixture.many_units(30), "en", AT)
    rows = lxml_html.fromstring(page).xpath("//section[@id='flow']//tbody/tr")
    assert len(rows) == MOST_ROWS
    assert "Further rows in the export (leitweg export): 40." in _text(page)


def test_limits_and_constants_are_printed(german):
    text = _text(german)
    assert "Bootstrap-Wiederholungen" in text
    groups = [h3.text for h3 in lxml_html.fromstring(german).xpath("//section[@id='method']//h3")]
    assert groups == [
        "Kennzahlen, Befunde und Netz",
        "Arbeitszeiten und Abwesenheiten, aus den Daten erschlossen",
        "Arbeit und Gründe des Wartens",
    ]
    assert "In einem Stapel folgt eins aufs andere binnen (Sekunden)60" in text
    assert "Startwert: 7" in text
    assert "nichts über weniger als 5 Personen" in text
    assert "Erstellt am 23. November 2026, 09:00 UTC" in text


def test_the_same_input_gives_the_same_file(german):
    assert _page("situation") == german
    assert len(german.encode()) < 600_000
