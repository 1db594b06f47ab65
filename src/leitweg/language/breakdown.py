"""A breakdown in words: what is counted, by what, of whom, and what stays inside."""

from leitweg.domain.breakdown import Cell, Group, ReleasedBreakdown
from leitweg.language import forms
from leitweg.language.catalogue import translate


def measure_text(language: str, released: ReleasedBreakdown) -> str:
    """Return what is counted or summed, per person where a mean was asked for."""
    name = translate(language, f"breakdown.of.{released.question.of}")
    if not released.question.per_person:
        return name
    return translate(language, "breakdown.per_person", of=name)


def attribute_text(language: str, attribute: str) -> str:
    """Return the name of an attribute."""
    return translate(language, f"breakdown.by.{attribute}")


def group_text(language: str, group: Group, attribute: str) -> str:
    """Return the name of a group; what is merged or not known has a name of its own."""
    if group.kind != "value":
        return translate(language, f"breakdown.group.{group.kind}")
    if attribute == "hours":
        return translate(language, f"breakdown.group.{group.label}")
    return group.label


def cell_text(language: str, cell: Cell, of: str) -> str:
    """Return a value as people read it; what is held back, or was not computed, is a sign."""
    if cell.held_back is not None:
        return translate(language, "breakdown.held_back_sign")
    if cell.value is None:
        return forms.missing(language)
    whole = of != "working_hours" and float(cell.value).is_integer()
    return forms.number(language, cell.value, 0 if whole else None)


def cell_with_interval(language: str, cell: Cell, of: str) -> str:
    """Return a value with its interval, where it has one."""
    value, ends = cell_text(language, cell, of), forms.interval(language, cell.low, cell.high)
    return f"{value} ({ends})" if ends and cell.value is not None else value


def title_text(language: str, released: ReleasedBreakdown) -> str:
    """Return the title: what by what, and on which condition."""
    by = translate(language, "breakdown.and").join(
        _in_sentence(language, attribute_text(language, name)) for name in released.question.by
    )
    values = {"of": measure_text(language, released), "by": by}
    title = translate(language, "breakdown.title", **values)
    told = [
        translate(language, "breakdown.where", by=attribute_text(language, name), value=value)
        for name, value in released.question.where
    ]
    return ", ".join((title, *told))


def _in_sentence(language: str, noun: str) -> str:
    """Return a noun as it stands within a sentence."""
    return noun if language == "de" else noun.lower()


def notes_of(language: str, released: ReleasedBreakdown) -> list[str]:
    """Return what a reader must know: how it is counted, what is merged, held back, left out."""
    return [
        *_counting(language, released),
        *_merged(language, released),
        *_held_back(language, released),
        *_noise(language, released),
        *_left_out(language, released),
    ]


def _counting(language: str, released: ReleasedBreakdown) -> list[str]:
    question = released.question
    told = [translate(language, f"breakdown.counting.{question.of}")]
    if question.per_person and released.noise is None:
        told.append(translate(language, "breakdown.counting.per_person"))
    elif not released.adds_up and released.noise is None:
        told.append(translate(language, "breakdown.counting.overlap"))
    return told


def _merged(language: str, released: ReleasedBreakdown) -> list[str]:
    axes = zip(released.question.by, (released.rows, released.columns), strict=False)
    return [
        translate(
            language,
            "breakdown.merged",
            by=attribute_text(language, attribute),
            names="; ".join(
                name or translate(language, "breakdown.group.not-known") for name in group.merged
            ),
        )
        for attribute, groups in axes
        for group in groups
        if group.merged
    ]


def _held_back(language: str, released: ReleasedBreakdown) -> list[str]:
    cells = released.all_cells
    n = sum(cell.held_back is not None for cell in cells)
    if not n:
        return []
    values = {
        "n": forms.number(language, n, 0),
        "all": forms.number(language, len(cells), 0),
        "k": forms.number(language, released.k, 0),
        "sign": translate(language, "breakdown.held_back_sign"),
    }
    return [translate(language, "breakdown.held_back", **values)]


def _noise(language: str, released: ReleasedBreakdown) -> list[str]:
    noise = released.noise
    if noise is None:
        return []
    values = {
        "mechanism": translate(language, "breakdown.mechanism"),
        "epsilon": forms.number(language, float(noise.epsilon), None),
        "scale": forms.number(language, noise.scale),
        "most": forms.number(language, noise.most_per_person),
        "left": forms.number(language, float(noise.left_of_budget), None),
        "k": forms.number(language, released.k, 0),
    }
    return [translate(language, "breakdown.noise", **values)]


def _left_out(language: str, released: ReleasedBreakdown) -> list[str]:
    if not released.left_out:
        return []
    n = forms.number(language, released.left_out, 0)
    return [translate(language, "breakdown.left_out", n=n)]


def period_text(language: str, released: ReleasedBreakdown) -> str:
    """Return the period in which the cases closed, or that all cases are counted."""
    period = released.period
    if period.start_us is None or period.end_us is None:
        return translate(language, "breakdown.all_cases")
    ends = forms.first_and_last_day(language, period.start_us, period.end_us, period.zone)
    return translate(language, "breakdown.period", **ends)
