"""The situation in plain words: what was looked at, what costs most, how to read the rest."""

from htpy import Element, Node, a, dd, div, dl, dt, h3, li, ol, p, section, small, span, ul

from leitweg.domain.findings import Finding
from leitweg.domain.situation import Figure, ReleasedSituation
from leitweg.language import forms
from leitweg.language.catalogue import translate
from leitweg.language.causes import cause_name, company_causes
from leitweg.language.figures import figure_interval, figure_label, figure_value
from leitweg.language.findings import finding_title, is_at_risk
from leitweg.language.held_back import all_held_back, is_all_held_back
from leitweg.language.nothing_found import no_findings, nothing_found
from leitweg.reports.headings import anchor, section_heading

TILES = (
    "waiting_hours_per_month",
    "waiting_hours_per_month_in_findings",
    "handovers_unit_per_case",
    "right_first_time_share",
    "time_to_right_contact_hours_median",
    "ping_pong_unit_share",
)
TOP = 3
READ = ("price", "overlap", "certainty", "place", "hours")


def _known(released: ReleasedSituation) -> dict[str, Figure]:
    return {f.name: f for f in released.figures if f.value is not None}


def _looked_at(released: ReleasedSituation, language: str) -> str:
    coverage, period = released.coverage, released.period
    when = translate(language, "report.summary.no_period")
    if period.start_us is not None and period.end_us is not None:
        ends = forms.first_and_last_day(language, period.start_us, period.end_us, period.zone)
        when = translate(
            language, f"report.summary.period{'' if coverage.cases else '_mail'}", **ends
        )
    if not coverage.cases and coverage.messages:
        scope = {
            "messages": forms.count(language, "message", coverage.messages),
            "units": forms.count(language, "unit_dative", coverage.units),
        }
        return translate(language, "report.summary.looked_mail", period=when, **scope)
    scope = {
        "cases": forms.count(language, "case", coverage.cases),
        "events": forms.count(language, "event_dative", coverage.events),
        "units": forms.count(language, "unit_dative", coverage.units),
    }
    return translate(language, "report.summary.looked", period=when, **scope)


def _waits(released: ReleasedSituation, language: str) -> str:
    known = _known(released)
    waiting = known.get("waiting_hours_per_month")
    if released.period.start_us is None:
        return translate(language, "report.summary.no_clock")
    if waiting is None or waiting.value is None:
        return ""
    value = _long_hours(language, waiting)
    share = known.get("waiting_share")
    if share is None:
        return translate(language, "report.summary.waits_plain", waiting=value)
    part = forms.share(language, share.value)
    return translate(language, "report.summary.waits", waiting=value, share=part)


def _long_hours(language: str, figure: Figure) -> str:
    hours = translate(language, "form.hours_in_words", n=forms.number(language, figure.value))
    ends = forms.interval(language, figure.low, figure.high)
    return f"{hours} ({ends})" if ends else hours


def _cause(released: ReleasedSituation, language: str) -> str:
    causes = company_causes(released.figures)
    if not causes.total:
        return ""
    largest = max(causes.figures, key=causes.share)
    part = forms.share(language, causes.share(largest), 0)
    values = {"cause": cause_name(language, largest), "share": part}
    ending = "_estimated" if causes.estimated else ""
    return translate(language, f"report.summary.cause{ending}", **values)


def _union(released: ReleasedSituation, language: str) -> str:
    union = _known(released).get("waiting_hours_per_month_in_findings")
    if union is None or not released.findings:
        return ""
    hours = translate(language, "form.hours_in_words", n=forms.number(language, union.value))
    # what is saved or at risk lies in no sum
    n = sum(f.kind != "smooth_link" and not is_at_risk(f) for f in released.findings)
    if n == 0:
        return ""
    if n == 1:
        return translate(language, "report.summary.union.one", union=hours)
    findings = forms.count(language, "finding_dative", n)
    return translate(language, "report.summary.union", union=hours, findings=findings)


def _handovers(released: ReleasedSituation, language: str) -> str:
    known = _known(released)
    per_case, back = known.get("handovers_unit_per_case"), known.get("ping_pong_unit_share")
    if per_case is None or back is None:
        return ""
    values = {
        "n": forms.number(language, per_case.value, 1),
        "share": forms.share(language, back.value),
    }
    return translate(language, "report.summary.handovers", **values)


def _tile(figure: Figure, language: str) -> Element:
    interval = figure_interval(language, figure)
    return div(".tile")[
        dt[figure_label(language, figure.name)],
        dd[figure_value(language, figure), interval and small[interval]],
    ]


def _tiles(released: ReleasedSituation, language: str) -> Node:
    known = _known(released)
    shown = [known[name] for name in TILES if name in known]
    return dl(".tiles")[(_tile(figure, language) for figure in shown)] if shown else None


def price_span(finding: Finding, language: str) -> Element:
    """Return the price with its interval, in the colour of what it costs or saves."""
    if finding.price is None:
        handovers = forms.count(language, "handover", finding.n_handovers)
        return span(".price")[handovers if finding.n_handovers else forms.missing(language)]
    ends = forms.interval(language, finding.price.low, finding.price.high)
    price = forms.hours_per_month(language, finding.price.value)
    if is_at_risk(finding):
        at_risk = translate(language, "finding.price.at_risk", price=price)
        return span(".price.risk")[at_risk, small[ends]]
    if finding.kind != "smooth_link":
        return span(".price")[price, small[ends]]
    saved = translate(language, "finding.price.saved", price=price)
    return span(".price.saved")[saved, small[ends]]


def _listed(found: list[tuple[int, Finding]], language: str) -> Element:
    return ol(".top")[
        (
            li(data_rank=str(rank))[
                a(href=f"#{anchor(finding, rank)}")[finding_title(finding, language)],
                price_span(finding, language),
            ]
            for rank, finding in found
        )
    ]


def _top(released: ReleasedSituation, language: str) -> Node:
    ranked = list(enumerate(released.findings, 1))
    risks = [(r, f) for r, f in ranked if is_at_risk(f)][:1]
    costs = [(r, f) for r, f in ranked if f.kind != "smooth_link" and not is_at_risk(f)][:TOP]
    good = [(r, f) for r, f in ranked if f.kind == "smooth_link"][:1]
    clock = released.period.start_us is not None
    title = translate(language, f"report.summary.top{'' if clock else '_no_clock'}")
    parts: list[Node] = [h3[title], _listed(costs, language)]
    if not costs:
        parts = [_nothing(released, language)]
    if risks:
        parts += [h3[translate(language, "report.summary.risk")], _listed(risks, language)]
    if good:
        parts += [h3[translate(language, "report.summary.good")], _listed(good, language)]
    return parts


def _nothing(released: ReleasedSituation, language: str) -> Node:
    told = [p[sentence] for sentence in nothing_found(released, language)]
    return [h3[no_findings(released, language)], told]


def summary_section(released: ReleasedSituation, language: str) -> Element:
    """Return what was looked at, what it costs the customer, and the three costliest findings."""
    sentences = (f(released, language) for f in (_waits, _cause, _union, _handovers))
    told = [sentence for sentence in sentences if sentence]
    if is_all_held_back(released):
        told = [all_held_back(released, language)]
    return section(id="summary")[
        section_heading("summary", language),
        p(".lead")[" ".join(told)] if told else None,
        p[_looked_at(released, language)],
        _tiles(released, language),
        _top(released, language),
    ]


def reading_section(language: str) -> Element:
    """Return how prices, intervals and certainty are meant."""
    return section(id="read")[
        section_heading("read", language),
        ul(".plain")[(li[translate(language, f"report.read.{key}")] for key in READ)],
    ]
