"""The sections that say why it waits, how the units hang together, and who carries much."""

from htpy import Element, Node, h3, li, p, section, ul

from leitweg.charts.causes import draw_causes
from leitweg.charts.load import draw_load
from leitweg.charts.network import draw_network
from leitweg.domain.situation import ReleasedSituation
from leitweg.language.catalogue import translate
from leitweg.language.causes import causes_summary, company_causes
from leitweg.language.load import load_summary
from leitweg.language.network import congruence_sentence, network_absent, network_sentences
from leitweg.language.sentences import told_sentence
from leitweg.reports.cause_tables import causes_help, causes_list, causes_table
from leitweg.reports.headings import findings_of_kind, section_heading
from leitweg.reports.load_tables import key_positions, load_table
from leitweg.reports.network_tables import absent_table, network_figures, network_table
from leitweg.reports.pictures import picture_with_table

STATES_AS_WORK = "states-as-work"
"""The note on logs in which a state left standing counts as work: it bears on the causes too."""


def causes_section(released: ReleasedSituation, language: str) -> Element:
    """Return why customers wait: the picture, its table, what each cause means, and what helps."""
    company = company_causes(released.figures)
    picture = draw_causes(released, language)
    parts: list[Node] = [p(".lead")[causes_summary(language, company)]]
    if company.estimated:
        parts.append(p[translate(language, "causes.estimated")])
    if company.total and STATES_AS_WORK in released.coverage.missing:
        parts.append(p[told_sentence(language, STATES_AS_WORK)])
    if picture is None:
        parts.append(causes_help(company, language))
    else:
        parts.append(picture_with_table(picture, causes_table(released, language), language))
        parts.append(h3(".after")[translate(language, "report.causes.mean")])
        parts.append(causes_list(company, language))
    return section(id="causes")[section_heading("causes", language), parts]


def network_section(released: ReleasedSituation, language: str) -> Element:
    """Return how the units hang together: in words, as a picture with its table, in figures."""
    network = released.network
    picture = draw_network(released, language)
    told = network_sentences(language, network, people=bool(released.coverage.people))
    parts: list[Node] = []
    if told:
        parts.append(ul(".plain")[(li[sentence] for sentence in told)])
    if picture is not None:
        table = network_table(network, language)
        parts.append(picture_with_table(picture, table, language))
    elif network.why or not network.units:
        parts.append(p[network_absent(language, network)])
    else:
        parts.append(p[translate(language, "report.nothing_to_draw")])
        parts += network_table(network, language)
    parts += network_figures(network, language)
    parts.append(findings_of_kind(released.findings, ("silo",), language))
    return section(id="network")[section_heading("network", language), parts]


def absent_section(released: ReleasedSituation, language: str) -> Element:
    """Return which links are thinner than one would expect."""
    network = released.network
    told = congruence_sentence(language, released.figures)
    parts: list[Node] = [p(".lead")[told]] if told else []
    if network.absent_links:
        parts += [p[translate(language, "absent.explanation")], absent_table(network, language)]
    elif network.why:
        parts.append(p[network_absent(language, network)])
    else:
        parts.append(p[translate(language, "absent.none")])
    parts.append(findings_of_kind(released.findings, ("gap",), language))
    return section(id="absent")[section_heading("absent", language), parts]


def load_section(released: ReleasedSituation, language: str) -> Element:
    """Return how full the working hours are, and on which positions much depends."""
    picture = draw_load(released, language)
    parts: list[Node] = [p(".lead")[load_summary(language, released)]]
    if picture is not None:
        parts.append(picture_with_table(picture, load_table(released, language), language))
    elif released.loads:
        parts += load_table(released, language)
    parts.append(findings_of_kind(released.findings, ("overload",), language))
    parts += key_positions(released, language)
    return section(id="load")[section_heading("load", language), parts]
