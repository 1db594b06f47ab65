"""What can be read off a workspace for its dossier? Rows and months, switches, keys, questions."""

import pyarrow.parquet as pq

from leitweg import __version__
from leitweg.domain.access import PurposeState
from leitweg.domain.dossier import Change, DossierFacts, TableFact
from leitweg.domain.errors import KeyFileError
from leitweg.domain.tables import TABLES, Table
from leitweg.language.forms import moment
from leitweg.privacy.retention import DAYS, MONTHS
from leitweg.privacy.threshold import K_OF_TIES, K
from leitweg.store import Workspace
from leitweg.store.application.audit import rows_of_log
from leitweg.store.keys import key_in_environment
from leitweg.studies.dossier_state import Described


def facts_of(
    place: Workspace | None,
    name: str,
    purposes: tuple[PurposeState, ...],
    now: Described,
    *,
    made_at_us: int,
    previous_us: int | None,
    changes: tuple[Change, ...],
) -> DossierFacts:
    """Return everything that the dossier tells; without a workspace, of a planned one."""
    asked = rows_of_log(place.database) if place else ()
    settings = place.settings if place else {}
    return DossierFacts(
        version=__version__,
        workspace=name,
        profile=place.profile if place else "protected",
        state=_state(place),
        files=len(place.imports) if place else 0,
        made_at_us=made_at_us,
        k=K,
        k_ties=K_OF_TIES,
        raw_days=_number(settings.get("retention_days"), DAYS),
        unit_months=_number(settings.get("retention_months"), MONTHS),
        key_state=_key_state(place),
        purposes=purposes,
        tables=tuple(_table(place, table) for table in TABLES.values()),
        exclusions=_count(settings.get("excluded")),
        questions=len(asked),
        last_question_us=asked[-1].at_us if asked else None,
        previous_us=previous_us,
        changes=changes,
        parts=now.parts,
        fingerprint=now.fingerprint,
        mark=now.mark(made_at_us),
    )


def _state(place: Workspace | None) -> str:
    if place is None:
        return "planned"
    return "empty" if place.is_untouched else "filled"


def _number(kept: object, default: int) -> int:
    return kept if isinstance(kept, int) else default


def _count(kept: object) -> int:
    return len(kept) if isinstance(kept, (list, tuple)) else 0


def _key_state(place: Workspace | None) -> str:
    if place is None:
        return "later"
    if place.profile == "open":
        return "none"
    try:
        place.key()
        return "exists" if key_in_environment() is None else "environment"
    except KeyFileError as error:
        return "missing" if error.code == "key-missing" else "unfit"


def _table(place: Workspace | None, table: Table) -> TableFact:
    rows = place.rows(table.name) if place else 0
    personal = tuple(c.name for c in table.columns if c.personal)
    few = place is not None and place.profile == "protected" and rows < K
    if place is None or few:
        # the months of so few rows would tell of those few
        return TableFact(table.name, table.names, personal, rows)
    first, last = _months(place, table)
    return TableFact(table.name, table.names, personal, rows, first, last)


def _months(place: Workspace, table: Table) -> tuple[str | None, str | None]:
    """Return the first and the last month of a table, from the statistics of its files."""
    times = [c.name for c in table.columns if c.name.endswith("_us") and "valid" not in c.name]
    found: list[int] = []
    for path in place.files(table.name):
        for column in times:
            found += _bounds(pq.read_metadata(path), column)
    if not found:
        return None, None
    low, high = min(found), max(found)
    return moment(low).strftime("%Y-%m"), moment(high).strftime("%Y-%m")


def _bounds(metadata: pq.FileMetaData, column: str) -> list[int]:
    leaves = [metadata.schema.column(i).path for i in range(metadata.num_columns)]
    if column not in leaves:
        return []
    index, bounds = leaves.index(column), []
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(index).statistics
        if statistics is not None and statistics.has_min_max:
            bounds += [statistics.min, statistics.max]
    return bounds
