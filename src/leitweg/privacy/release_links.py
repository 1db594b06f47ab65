"""The exit for links: enough people on each side, or nothing."""

from leitweg.domain.situation import LinkRow, Refused
from leitweg.privacy.threshold import BELOW_K, held_last, sides_held_back


def released_links(
    rows: tuple[LinkRow, ...], k: int, level: str, refused: Refused
) -> tuple[LinkRow, ...]:
    """Return the links; those that may not leave without values, last, by name."""
    told = (_link(row, k, level, refused) for row in rows)
    return held_last(told, lambda row: (row.from_unit, row.to_unit))


def _link(row: LinkRow, k: int, level: str, refused: Refused) -> LinkRow:
    reason = sides_held_back(row.n_people_from, row.n_people_to, k, level)
    if reason is None and (row.from_unit, row.to_unit) in refused.links:
        reason = BELOW_K
    if reason is None:
        return row
    return LinkRow(
        row.from_unit, row.to_unit, None, None, None, None, None, None, None, held_back=reason
    )
