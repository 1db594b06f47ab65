"""The report on a file that holds one canonical table."""

import pyarrow as pa

from leitweg.domain.imports import Reading, Reject
from leitweg.sources.machines import machine_warning
from leitweg.sources.mapping import Mapped
from leitweg.sources.missing import missing_warnings
from leitweg.sources.raw import RawTable
from leitweg.sources.source_file import SourceFile


def one_table(
    source: SourceFile,
    kind: str,
    table: pa.Table,
    raw: RawTable,
    mapped: Mapped,
    rejects: tuple[Reject, ...],
    notes: tuple[str, ...] = (),
    *,
    missing: dict[str, tuple[str, ...]] | None = None,
    machines: tuple[str, ...] = (),
) -> Reading:
    """Return what was read of a file whose rows are all of one kind.

    Parameters
    ----------
    kind
        Of the file and of its table.
    raw, mapped
        The rows as they stood, and which column is which.
    notes
        What else is to be said, after what the rows and the columns gave rise to.
    missing
        Marks per column that look like missing values.
    machines
        Accounts that look like machines.
    """
    marks = missing or {}
    return Reading(
        path=source.path,
        kind=kind,
        tables={kind: table},
        rows_read=raw.rows_read,
        rejects=rejects,
        mapping=dict(mapped.columns),
        left_over=(*mapped.kept_out, *mapped.free),
        warnings=(
            *(*raw.warnings, *mapped.warnings, *notes),
            *(*missing_warnings(raw.name, marks), *machine_warning(raw.name, machines)),
        ),
        machine_proposals=machines,
        missing_proposals=marks,
    )
