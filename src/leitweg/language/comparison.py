"""How a comparison is told: its sides, its differences, and what is said of them."""

from leitweg.domain.comparison import Change, FigureChange, FindingChange, ReleasedComparison, Side
from leitweg.domain.findings import Estimate
from leitweg.domain.situation import Figure
from leitweg.language import forms
from leitweg.language.catalogue import has_text, translate
from leitweg.language.figures import figure_label, figure_value
from leitweg.language.held_back import all_held_back
from leitweg.language.sentences import told_sentence

RATE = 0.05


def worded(language: str, key: str, kind: str, **values: object) -> str:
    """Return a text in the words of the comparison: periods change, parts differ."""
    own = f"{key}.{kind}"
    return translate(language, own if has_text(own) else key, **values)


def side_name(side: Side, language: str) -> str:
    """Return the name of a side: its dates, or the part it is of."""
    if side.part is None:
        if side.period.start_us is None or side.period.end_us is None:
            return translate(language, "situation.no_period")
        ends = forms.first_and_last_day(
            language, side.period.start_us, side.period.end_us, side.period.zone
        )
        return translate(language, "form.between", **ends)
    label = translate(language, f"compare.label.{side.part.by}")
    if side.part.value is None:
        return translate(language, "compare.side.other", label=label)
    return translate(language, "compare.side.is", label=label, value=side.part.value)


def change_label(language: str, name: str) -> str:
    """Return the name of a figure that is compared; causes per case are named by their cause."""
    whole = name.replace("_per_case_", "_per_month_")
    if has_text(f"figure.{name}.label") or whole == name:
        return figure_label(language, name)
    return translate(language, "compare.per_case_of", label=figure_label(language, whole))


def estimate_text(language: str, figure: FigureChange, estimate: Estimate | None) -> str:
    """Write the value of a figure on one side in its unit of measure."""
    if estimate is None:
        return forms.missing(language)
    return figure_value(
        language, Figure(figure.name, estimate.value, None, None, figure.unit_of_measure, 0)
    )


def signed(text: str, value: float) -> str:
    """Put the sign of a value before its text, a real minus; none where it is rounded to nothing.

    >>> signed("3 h", 3.0), signed("3 h", -3.0), signed("0.0%", -0.0001)
    ('+3 h', '−3 h', '0.0%')
    """
    if not any(digit in text for digit in "123456789"):
        return text
    return ("+" if value > 0 else "−") + text


def difference_text(language: str, figure: FigureChange, value: float) -> str:
    """Write a difference of a figure with its sign; that of shares in percentage points."""
    if figure.unit_of_measure == "share":
        points = forms.number(language, abs(value) * 100, 1)
        return signed(translate(language, "compare.points", n=points), value)
    size = Estimate(abs(value), abs(value), abs(value))
    return signed(estimate_text(language, figure, size), value)


def difference_with_ends(language: str, figure: FigureChange, change: Change) -> tuple[str, str]:
    """Return the difference and its interval as texts; both empty where there is none."""
    if change.difference is None:
        return "", ""
    value, low, high = (
        difference_text(language, figure, v)
        for v in (change.difference.value, change.difference.low, change.difference.high)
    )
    # the unit once: at the end, or with the difference alone
    if figure.unit_of_measure == "share":
        end = change.difference.low * 100
        low = signed(forms.number(language, abs(end), 1), end)
    if "hours_per_month" in figure.name:
        ends = (change.difference.low, change.difference.high)
        low, high = (signed(forms.number(language, abs(end)), end) for end in ends)
    return value, translate(language, "form.interval", low=low, high=high)


def per_cent(language: str, ratio: float) -> str:
    r"""Write a ratio as a change in per cent.

    >>> per_cent("en", 1.38), per_cent("de", 0.9), per_cent("en", 3.0)
    ('+38%', '−10\xa0%', '+200%')
    """
    change = ratio - 1
    digits = 0 if abs(change) >= 0.0995 else 1
    return signed(forms.share(language, abs(change), digits), change)


def ratio_with_ends(language: str, change: Change) -> tuple[str, str]:
    """Return the ratio as a change in per cent and its interval; empty where there is none."""
    if change.ratio is None:
        return "", ""
    told = [
        per_cent(language, v) for v in (change.ratio.value, change.ratio.low, change.ratio.high)
    ]
    return told[0], translate(language, "form.interval", low=told[1], high=told[2])


def hours_difference(language: str, change: Change) -> tuple[str, str]:
    """Return a difference in hours and its interval."""
    if change.difference is None:
        return "", ""
    told = [
        signed(forms.duration(language, abs(v)), v)
        for v in (change.difference.value, change.difference.low, change.difference.high)
    ]
    return told[0], translate(language, "form.interval", low=told[1], high=told[2])


def price_difference(language: str, change: Change) -> tuple[str, str]:
    """Return a difference of prices and its interval."""
    if change.difference is None:
        return "", ""
    d = change.difference
    ends = [signed(forms.number(language, abs(v)), v) for v in (d.low, d.high)]
    value = signed(forms.hours_per_month(language, abs(d.value)), d.value)
    return value, translate(language, "form.interval", low=ends[0], high=ends[1])


def statement_text(language: str, change: Change, kind: str) -> str:
    """Return what is said of a change."""
    if change.held_back:
        return translate(language, "word.held_back")
    return worded(language, f"compare.statement.{change.statement}", kind)


def became_text(language: str, became: str, kind: str) -> str:
    """Return what became of a finding."""
    return worded(language, f"compare.became.{became}", kind)


def became_with_size(language: str, row: FindingChange, kind: str) -> str:
    """Return what became of a finding, and by how much per case where both sides have it."""
    said = became_text(language, row.became, kind)
    value, ends = ratio_with_ends(language, row.price_per_case)
    if not value:
        return said
    return translate(language, "compare.became.by", said=said, change=f"{value} ({ends})")


def summary_sentence(comparison: ReleasedComparison, language: str) -> str:
    """Say how many of the figures changed, or that none may be shown and what to do next."""
    n = comparison.tested.get("figures", 0)
    if not n and (comparison.first.held_back or comparison.second.held_back):
        return all_held_back(comparison, language)
    changed = sum(f.change.statement == "changed" for f in comparison.figures)
    form = {0: ".none", 1: ".one"}.get(changed, "")
    values = {"n": forms.number(language, n, 0)}
    if changed > 1:
        values["changed"] = forms.number(language, changed, 0)
    return worded(language, f"compare.summary{form}", comparison.kind, **values)


def volume_sentence(comparison: ReleasedComparison, language: str) -> str:
    """Tell more cases and slower cases apart; empty where one of the parts is unknown."""
    known = {f.name: f.change for f in comparison.figures}
    names = {
        "total": "waiting_hours_per_month",
        "cases": "cases_per_month",
        "case": "waiting_hours_per_case",
    }
    told = {}
    for place, name in names.items():
        change = known.get(name)
        if change is None or change.ratio is None:
            return ""
        value, ends = ratio_with_ends(language, change)
        told[place] = f"{value} ({ends})"
    return translate(language, "compare.volume", **told)


def mix_sentence(comparison: ReleasedComparison, language: str) -> str:
    """Say what "same topics" means, and on how many cases it stands."""
    common = comparison.mix.common_share
    if common == 1:
        return translate(language, "compare.mix.common.all")
    return translate(language, "compare.mix.common", share=forms.share(language, common))


def meaning_sentence(comparison: ReleasedComparison, language: str) -> str:
    """Say what was tested, and what the statements mean."""
    counts = {
        family: forms.number(language, comparison.tested.get(family, 0), 0)
        for family in ("figures", "units", "links", "findings")
    }
    rate = forms.share(language, RATE)
    return worded(language, "compare.tested", comparison.kind, rate=rate, **counts)


def told_notes(comparison: ReleasedComparison, language: str, *, mix: bool = False) -> list[str]:
    """Return what else may be behind a change, with ``mix`` its topics, and how to read it."""
    told = [told_sentence(language, note) for note in comparison.notes]
    for key, names in (
        ("units_only_first", comparison.units_only_first),
        ("units_only_second", comparison.units_only_second),
    ):
        if names:
            told.append(translate(language, f"compare.{key}", units=", ".join(names)))
    if mix:
        told.append(mix_sentence(comparison, language))
    return [*told, meaning_sentence(comparison, language)]
