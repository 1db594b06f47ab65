"""Which statistical models are in this version, what do they look at, and how good are they?

Inputs are columns of the canonical tables (``events.unit``) or terms made of them. A measurement
is quoted from the page where it was measured; tests hold that it stands there, that every method
page with a model has its sheet, and that no input is denied. Method: docs/methods/dossier.md.
"""

from dataclasses import dataclass

from leitweg.domain.document import Block, DataTable, Heading, Run
from leitweg.language.dossier_texts import Place
from leitweg.reports.dossier_tables import Builder, Telling, plain
from leitweg.situation.expected_links import TERMS as EXPECTED_TERMS
from leitweg.situation.link_terms import TERMS as LINK_TERMS

WAYS = ("events.case_id", "events.at_us", "events.unit", "events.state", "events.person")
TOPICS = ("cases.topic", "cases.opened_us", "cases.closed_us")
PLACES = ("people.unit", "people.manager", "people.site", "units.parent")
WORK = ("events.person", "events.unit", "events.activity", "events.started_us", "events.at_us")
TRAFFIC = ("messages.sender", "messages.receiver", "messages.at_us")
REQUESTS = (
    *("cases.kind", "cases.topic", "cases.priority", "cases.channel", "cases.customer"),
    "cases.attributes",
)
SAID = ("units.name", "units.parent", "units.purpose", "positions.title", "qualifications.skill")
STAFF = ("people.unit", "people.language", "people.valid_to_us")


@dataclass(frozen=True)
class Model:
    """A statistical model: the pages of its method, and what it looks at."""

    id: str
    pages: tuple[str, ...]
    inputs: tuple[str, ...]
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measurement:
    """A number as it was measured: the page, the passage on it, the number in the passage."""

    page: str
    passage: str
    number: str


MODELS = (
    Model("expected-links", ("expected-links",), (*WAYS, *PLACES), EXPECTED_TERMS),
    Model("link-prediction", ("gap-prediction",), (*TRAFFIC, "people.manager"), LINK_TERMS),
    Model("prices", ("intervals", "attribution", "figures"), (*WAYS, *TOPICS)),
    Model("contrasts", ("slow-links", "smooth-links", "bottleneck"), (*WAYS, "cases.topic")),
    Model("rates", ("ping-pong", "misrouting", "dead-ends", "gaps", "silos"), (*WAYS, *TOPICS)),
    Model("overload", ("overload",), (*WAYS, *WORK)),
    Model(
        "key-positions",
        ("key-positions",),
        (*WAYS, *TOPICS, "people.position", "positions.key", "qualifications.skill"),
    ),
    Model("calendars", ("calendars",), (*WORK, "absences.from_us", "absences.to_us")),
    Model("causes", ("causes-of-waiting",), (*WORK, "events.state", "cases.opened_us")),
    Model("load", ("load",), (*WORK, "people.position", "people.hours_per_week")),
    Model("communities", ("network", "mail"), (*WAYS, *TRAFFIC, "ties.value", "people.unit")),
    Model("comparison", ("comparison",), (*WAYS, *TOPICS, "cases.priority", "cases.channel")),
    Model(
        "routing",
        ("routing", "routing-answers", "routing-memory"),
        (*WAYS, *REQUESTS, *TOPICS, "people.unit"),
    ),
    Model(
        "routing-words",
        ("request-text", "routing"),
        ("cases.text", "cases.text_features", "events.unit", "events.person"),
    ),
    Model("routing-profiles", ("cold-start",), (*SAID, "people.unit")),
    Model(
        "routing-backlog",
        ("workload",),
        (*STAFF, "absences.from_us", "absences.to_us"),
        ("roster.capacity", "roster.load", "roster.hours", "roster.permissions"),
    ),
)
"""Every model in the order of the dossier."""

_PLANTED = "planted-truth"
_BUGS = "| eclipse-bugs, person, immediate | 39,992 | .788 | .540 | .807 | .013 |"
_INCIDENTS = "| volvo-incidents, unit, known | 1,889 | .706 | .694 | .873 | .044 |"
MEASURED = {
    "el_found": Measurement(
        "expected-links", "| 30 | 0.1 | 0.030 | 0.025 | 0.009 | 1.00 |", "1.00"
    ),
    "el_false": Measurement(
        "expected-links", "| 30 | 0.1 | 0.030 | 0.025 | 0.009 | 1.00 |", "0.009"
    ),
    "el_small": Measurement("expected-links", "| 8 | 0.3 | 0.013 | 0.020 | 0.000 | 0.08 |", "0.08"),
    "lp_own": Measurement("gap-prediction", "| **gravity model** | **0.152** |", "0.152"),
    "lp_other": Measurement(
        "gap-prediction", "| common neighbours, ways a → c → b | 0.118 |", "0.118"
    ),
    "lp_ece": Measurement(
        "gap-prediction", "| calibration error, 10 bins of equal width | 0.003 |", "0.003"
    ),
    "pr_found": Measurement(_PLANTED, "| **all** | 140/150 | 138/140 |", "140/150"),
    "pr_covered": Measurement(_PLANTED, "| **all** | 140/150 | 138/140 |", "138/140"),
    "co_bottleneck": Measurement(_PLANTED, "| bottleneck | 24/30 | 24/24 | 1.08 |", "24/30"),
    "co_slow": Measurement(_PLANTED, "| slow_link | 29/30 | 27/29 | 0.96 |", "29/30"),
    "ra_pingpong": Measurement(_PLANTED, "| ping_pong | 30/30 | 30/30 | 0.96 |", "30/30"),
    "ra_misrouting": Measurement(_PLANTED, "| misrouting | 27/30 | 27/27 | 0.90 |", "27/30"),
    "ra_deadend": Measurement(_PLANTED, "| dead_end | 27/30 | 27/27 | 0.93 |", "27/30"),
    "ra_silo": Measurement(_PLANTED, "| silo | 30/30 | 30/30 | 0.99 |", "30/30"),
    "ra_gap": Measurement(_PLANTED, "| gap | 30/30 | 30/30 | 1.06 |", "30/30"),
    "ov_found": Measurement(_PLANTED, "| overload | 30/30 | 28/30 | 0.83 |", "30/30"),
    "ov_ratio": Measurement(_PLANTED, "| overload | 30/30 | 28/30 | 0.83 |", "0.83"),
    "ke_found": Measurement(_PLANTED, "| key_position | 30/30 | 30/30 | 0.93 |", "30/30"),
    "ke_covered": Measurement(_PLANTED, "| key_position | 30/30 | 30/30 | 0.93 |", "30/30"),
    "ca_runs": Measurement("causes-of-waiting", "In all 192 every share lies", "192"),
    "ca_within": Measurement("causes-of-waiting", "lies within 3 percentage points", "3"),
    "ca_worst": Measurement("causes-of-waiting", "the worst is off by 1.95", "1.95"),
    "ne_between": Measurement("network", "| betweenness | units | .91 | .91 | .70 |", ".70"),
    "ne_ei": Measurement("network", "| E-I index | company | .98 | 1.00 | .97 |", ".97"),
    "cp_named": Measurement("comparison", "said of the bottleneck | 155 of 155 |", "155"),
    "cp_false": Measurement("comparison", "any finding | at most 9 % each |", "9"),
    "rt_first": Measurement("routing", _BUGS, ".540"),
    "rt_three": Measurement("routing", _BUGS, ".807"),
    "rt_people": Measurement("routing", _BUGS, ".788"),
    "rt_ece": Measurement("routing", _BUGS, ".013"),
    "rt_known": Measurement("routing", _INCIDENTS, ".694"),
    "rt_knownpeople": Measurement("routing", _INCIDENTS, ".706"),
    "rt_knownece": Measurement("routing", _INCIDENTS, ".044"),
    "rw_first": Measurement("routing", "text only, immediate | 1,929 | | .477 |", ".477"),
    "rw_known": Measurement("routing", "| team and component known | 1,929 | | .531 |", ".531"),
    "rw_tickets": Measurement(
        "routing", "| it-tickets, department, text only | 9,568 | | .866 |", ".866"
    ),
    "cs_names": Measurement("cold-start", "| ids and names | .659 |", ".659"),
    "cs_purpose": Measurement(
        "cold-start", "| names and two or three sentences of purpose | .765 |", ".765"
    ),
    "bl_own": Measurement("workload", "| | **optimal, λ 0.5** | 1,921 | 683 |", "683"),
    "bl_greedy": Measurement("workload", "greedy, λ 0.5 | 1,859 | 609 |", "609"),
}
"""Numbers by the name under which the texts use them."""
_ROWS = ("purpose", "output", "measured", "limits", "oversight")


def measured_values(language: str) -> dict[str, str]:
    """Return the numbers as the language writes them: a leading zero, its decimal sign."""
    numbers = {name: m.number for name, m in MEASURED.items()}
    full = {name: f"0{n}" if n.startswith(".") else n for name, n in numbers.items()}
    return {n: text.replace(".", ",") if language == "de" else text for n, text in full.items()}


def models(place: Place, telling: Telling) -> tuple[Block, ...]:
    """One data sheet per model."""
    return tuple(block for model in MODELS for block in _sheet(place, model, telling))


def _sheet(place: Place, model: Model, telling: Telling) -> tuple[Block, ...]:
    name, *texts = place.cells(model.id)
    told = dict(zip(_ROWS, texts, strict=True))
    rows = [
        ((Run(telling.word(f"model_{row}"), "strong"),), telling.runs(text))
        for row, text in told.items()
    ]
    inputs = ", ".join((*dict.fromkeys(model.inputs), *model.terms))
    pages = ", ".join(f"docs/methods/{page}.md" for page in model.pages)
    rows.insert(1, ((Run(telling.word("model_inputs"), "strong"),), (Run(inputs, "code"),)))
    rows.append(((Run(telling.word("model_source"), "strong"),), plain(pages)))
    return (Heading(3, name), DataTable((), tuple(rows), (1, 5)))


BUILDERS: dict[str, Builder] = {"models": models}
