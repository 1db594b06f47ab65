"""What changed: two periods, before and after a date, or two parts of the company.

Log -> one walk -> two bases -> figures, places, findings on both -> the privacy door.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from leitweg.domain.access import OWNER, Asker
from leitweg.domain.comparison import Comparison, FigureChange, ReleasedComparison, Side
from leitweg.domain.errors import QuestionError
from leitweg.domain.progress import Progress, silent
from leitweg.domain.situation import Pools, Refused
from leitweg.privacy.release import release
from leitweg.privacy.release_situation import names_told
from leitweg.privacy.threshold import finding_leaves
from leitweg.situation.basis import Basis
from leitweg.situation.causes import causes_of
from leitweg.situation.changed_findings import changed_findings
from leitweg.situation.changed_places import changed_links, changed_units
from leitweg.situation.comparability import notes_of, units_on_one_side
from leitweg.situation.comparison import compared_figures
from leitweg.situation.customer_line import customer_line
from leitweg.situation.findings import findings_of
from leitweg.situation.links import links_of
from leitweg.situation.pooled_units import pooled_units
from leitweg.situation.sides import side_of
from leitweg.situation.topic_mix import common_topics, mix_of
from leitweg.store import Workspace, open_workspace
from leitweg.studies.asked_sides import Asked, Ends, TwoSides, check_asked, sides_of
from leitweg.studies.asking import asking, day, days_of
from leitweg.studies.scopes import refused_to_sides
from leitweg.studies.situation import source_of, zone_of
from leitweg.studies.surroundings import Surroundings, surroundings_of
from leitweg.studies.times_counted import threshold_of

STAGES = 5
NOTHING_KNOWN = Surroundings(None, None, None, None)


def compare(
    workspace: Path,
    *,
    at: str | None = None,
    first: Ends = (None, None),
    second: Ends = (None, None),
    part: tuple[str, str] | None = None,
    other: str | None = None,
    seed: int = 0,
    progress: Progress = silent,
    asker: Asker = OWNER,
) -> ReleasedComparison:
    """Answer: what changed between two sets of cases, and how sure is that?

    Exactly one of ``at``, ``second`` (with ``first``) and ``part`` says what is compared. A case
    belongs to the period in which it closes, and is counted whole; no case stands on both sides.

    Parameters
    ----------
    workspace
        Folder of the workspace.
    at
        ISO date or time: cases that closed before it against those that closed from it on.
    first, second
        Start (inclusive) and end (exclusive) of two periods that do not overlap. What is left out
        is the start or end of the default period, or the border of the other period. With ``at``
        or ``part``, ``first`` bounds the whole stretch.
    part, other
        ``(label, value)`` with a label out of ``topic``, ``unit``, ``priority``, ``channel``,
        ``customer``, ``kind``, against the value ``other`` of the same label or, without it, all
        other cases that have one. By ``unit``: cases that touch it against those that do not;
        cases that touch both of two units are left out.
    seed
        Of the bootstrap; both sides are drawn independently.
    asker
        Who asks, in which role.

    Returns
    -------
    ReleasedComparison
        Figures, units, links and findings on both sides with difference and ratio, what may leave
        by the workspace's profile (docs/methods/comparison.md).

    Raises
    ------
    WorkspaceError
        The workspace is missing, damaged or newer than this version.
    QuestionError
        ``compare-what``, ``compare-with-what``, ``unknown-part``, ``no-cases-to-compare``,
        ``empty-workspace``, and those of `sides_of`.
    AccessError
        ``purpose-off``, ``not-allowed``, ``unknown-role``.
    """
    sides = Asked(at, first, second, part, other)
    check_asked(sides)
    place = open_workspace(workspace)
    with asking(place, "compare", asker=asker, question=_question(sides, seed)) as asked:
        released = _compared(place, sides, seed, progress)
        asked.note_answer(released)
    return released


def _question(asked: Asked, seed: int) -> Mapping[str, object]:
    """Return what was asked, for the log: dates and the label, never the value of a label."""
    return {
        "at": day(asked.at),
        **days_of(*asked.first),
        "with_from": day(asked.second[0]),
        "with_to": day(asked.second[1]),
        "by": asked.part[0] if asked.part else None,
        "seed": seed,
    }


def _compared(place: Workspace, asked: Asked, seed: int, progress: Progress) -> ReleasedComparison:
    progress("load", 0, STAGES)
    source = source_of(place, seed)
    if not source.cases:
        raise QuestionError(
            "This workspace holds no cases to compare: its mails carry no threads, or it holds "
            "ties alone; import a log of cases, or the messages with what they answer to.",
            code="no-cases-to-compare",
        )
    progress("walk", 1, STAGES)
    two = sides_of(place, source.log, asked, seed)
    known = surroundings_of(place, two.first)
    both = (known, surroundings_of(place, two.second, known=known))
    answered = compare_sides(two, place.profile, known=both, seed=seed, progress=progress)
    zone = zone_of(place)
    answered = replace(
        answered, first=_in_zone(answered.first, zone), second=_in_zone(answered.second, zone)
    )
    progress("release", STAGES, STAGES)
    k = threshold_of(two.first, two.second)
    refused = refused_to_sides(place, two.first, two.second)
    if place.profile == "protected" and two.first.level == "unit":
        first, second = (
            _with_untold(side, basis, k)
            for side, basis in zip(refused, (two.first, two.second), strict=True)
        )
        refused = first, second
    return release(answered, k=k, refused=refused)


def _with_untold(refused: Refused, basis: Basis, k: int) -> Refused:
    """Add the units and links that the situation of these cases would not name."""
    links, units = links_of(basis), customer_line(basis)
    rows = links.rows()
    pools = Pools(partial(pooled_units, basis=basis), links.pooled)
    told, named = names_told(units, rows, k, basis.level, refused, pools)
    return replace(
        refused,
        units=refused.units | (frozenset(basis.holders) - told),
        links=refused.links | ({(x.from_unit, x.to_unit) for x in rows} - named),
    )


def _in_zone(side: Side, zone: str | None) -> Side:
    """Let the days of a side be read in a time zone."""
    return replace(side, period=replace(side.period, zone=zone))


def compare_sides(
    two: TwoSides,
    profile: str,
    *,
    known: tuple[Surroundings, Surroundings] = (NOTHING_KNOWN, NOTHING_KNOWN),
    seed: int = 0,
    progress: Progress = silent,
) -> Comparison:
    """Ask every question of both sides; places only where they may be named.

    ``known`` is what is known beside the walk, on each side; their calendars are the same.
    """
    first, second = two.first, two.second
    may_name = first.level == "unit" or profile == "open"
    by_topic = any(part is not None and part.by == "topic" for part in two.parts)
    topics = common_topics(first, second, by_topic=by_topic)
    progress("figures", 2, STAGES)
    sides = (side_of(first, two.parts[0]), side_of(second, two.parts[1]))
    causes = causes_of(first, known[0].calendars)
    figures = _with_people(compared_figures(first, second, topics, causes), sides)
    progress("places", 3, STAGES)
    units = changed_units(first, second) if may_name else ()
    links = changed_links(first, second) if may_name else ()
    progress("findings", 4, STAGES)
    leaves = partial(finding_leaves, profile=profile, k=threshold_of(first, second))
    found = [
        findings_of(b, beside=k.beside(b), leaves=leaves)[0] if may_name else ()
        for b, k in zip((first, second), known, strict=True)
    ]
    findings = changed_findings(first, second, *found)
    mix = mix_of(first, second, topics)
    notes = notes_of(first, second, sides, mix, figures)
    only = units_on_one_side(first, second) if may_name else ((), ())
    return Comparison(
        profile=profile,
        level=first.level,
        kind="periods" if two.parts[0] is None else "parts",
        first=sides[0],
        second=sides[1],
        figures=figures,
        units=units,
        links=links,
        findings=findings,
        mix=mix,
        units_only_first=only[0],
        units_only_second=only[1],
        tested={
            "figures": sum(f.change.p_value is not None for f in figures),
            "units": sum(u.per_case.p_value is not None for u in units),
            "links": sum(x.per_case.p_value is not None for x in links),
            "findings": sum(
                change.p_value is not None
                for f in findings
                for change in (f.price, f.price_per_case, f.at_place)
            ),
        },
        notes=(*_left_out(two), *notes, *(() if may_name else ("person-level",))),
        seed=seed,
    )


def _left_out(two: TwoSides) -> tuple[str, ...]:
    return (f"cases-on-both-sides: {two.n_on_both}",) if two.n_on_both else ()


def _with_people(
    figures: tuple[FigureChange, ...], sides: tuple[Side, Side]
) -> tuple[FigureChange, ...]:
    people = [side.people_behind for side in sides]
    return tuple(replace(f, n_people_first=people[0], n_people_second=people[1]) for f in figures)
