"""How an object-centric log becomes canonical events and cases: each object of a type is a case."""

from dataclasses import replace

from leitweg.domain.imports import ImportOptions, Reading
from leitweg.domain.progress import Progress
from leitweg.sources.clocks import Clock
from leitweg.sources.event_tables import read_events
from leitweg.sources.ocel_case_types import case_type
from leitweg.sources.ocel_collector import OcelCollector
from leitweg.sources.ocel_columns import Columns, fill, map_parts
from leitweg.sources.ocel_forms import form_by_sign, ocel_form
from leitweg.sources.ocel_json import not_ocel, read_json_log
from leitweg.sources.ocel_log import OcelLog
from leitweg.sources.ocel_sqlite import read_sqlite_log
from leitweg.sources.ocel_stories import Stories
from leitweg.sources.ocel_xml import read_xml_log
from leitweg.sources.raw import RawTable, cleaned
from leitweg.sources.source_file import SourceFile

_READERS = {"sqlite": read_sqlite_log, "json": read_json_log, "xml": read_xml_log}


def is_ocel(source: SourceFile) -> bool:
    """Say whether a file begins as an object-centric log does."""
    return ocel_form(source.head()) is not None


def read_ocel(
    source: SourceFile, options: ImportOptions, clock: Clock, progress: Progress
) -> Reading:
    """Read an object-centric log (OCEL 1.0 or 2.0) into the tables ``events`` and ``cases``.

    Parameters
    ----------
    source
        The file, unpacked: SQLite, JSON or XML.
    options
        ``case_object`` names the type whose objects are the cases. ``mapping`` names attributes
        of events, attributes of the case's object (``case:NAME``), types of related objects
        (``employees``), these in one role (``employees/packer``), or their attributes
        (``employees.team``); several with commas between, of which the first that is there counts.
    clock
        The present time, zone, and order of day and month.
    progress
        Told the bytes read.

    Returns
    -------
    Reading
        Of kind ``ocel``. An event stands in the case of each of its objects of the type;
        ``rows_read`` counts events of the file, rows of rejects are their numbers from 1, and
        ``seq`` is the order in the file. Attributes of the case's object stand as they were at
        its first event, closing and outcome as they are in the end.

    Raises
    ------
    SourceError
        not-ocel, broken-json, broken-xml, xml-entities, broken-database, open-database,
        file-too-large, field-too-large, too-many-columns, wrong-encoding, duplicate-ids, no-rows,
        case-object-needed, unknown-case-object, missing-column, unknown-column, no-usable-rows,
        and those of `read_events`.

    References
    ----------
    OCEL (Object-Centric Event Log) 2.0 Specification, arXiv 2403.01975; docs/sources.md.
    """
    log = _read_log(source, progress)
    kind, chosen = case_type(log, options.case_object)
    stories, columns = Stories(log, kind, clock), Columns(log, kind)
    mapped, taken = map_parts(columns, options.mapping)
    table, several = fill(stories, columns, mapped)
    raw = RawTable(
        name=log.name,
        table=table,
        rows=log.rows[stories.event],
        rows_read=log.events_read,
        rejects=(*log.rejects, *stories.rejects()),
        warnings=(*chosen, *log.warnings, *stories.notes(), *taken, *several),
    )
    reading = read_events(source, cleaned(raw, options.missing), mapped, options, clock)
    # an event of two cases is rejected once
    return replace(reading, kind="ocel", rejects=tuple(dict.fromkeys(reading.rejects)))


def _read_log(source: SourceFile, progress: Progress) -> OcelLog:
    form = form_by_sign(source.head())
    if form is None:
        raise not_ocel(source.name, "it begins as no such log does")
    collector = OcelCollector(source.name)
    _READERS[form](source, collector, progress)
    return collector.log()
