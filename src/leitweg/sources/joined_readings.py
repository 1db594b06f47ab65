"""One report on a file that holds ties and the people between whom they are."""

from dataclasses import replace

from leitweg.domain.imports import Reading


def with_people(ties: Reading, people: Reading, notes: tuple[str, ...] = ()) -> Reading:
    """Return the report on both halves of a file; rows of people follow those of the ties.

    Parameters
    ----------
    ties
        What was read of the ties.
    people
        What was read of the people; named machines are among them.
    notes
        What else is to be said.
    """
    offset = ties.rows_read
    return replace(
        ties,
        tables={"ties": ties.tables["ties"], "people": people.tables["people"]},
        rows_read=ties.rows_read + people.rows_read,
        rejects=(*ties.rejects, *(replace(r, row=r.row + offset) for r in people.rejects)),
        mapping=ties.mapping | people.mapping,
        left_over=(*ties.left_over, *people.left_over),
        warnings=(*ties.warnings, *people.warnings, *notes),
        machine_proposals=people.machine_proposals,
        missing_proposals=people.missing_proposals,
    )
