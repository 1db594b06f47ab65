"""Where the table in a text begins: its delimiter and its header line."""

import codecs
import csv
import io
from collections import Counter

from leitweg.domain.errors import SourceError
from leitweg.sources.source_file import SourceFile

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200
SAMPLE_BYTES = 1 << 18


def sample_of(source: SourceFile, encoding: str) -> str:
    """Return the first characters of a text, up to a line break; UnicodeError if they are none."""
    head = source.head(SAMPLE_BYTES)
    # the last character may be cut off, so that only what is complete is decoded
    text = codecs.getincrementaldecoder(encoding)("strict").decode(head)
    return text if len(head) < SAMPLE_BYTES else text.rpartition("\n")[0]


def layout_of(name: str, sample: str) -> tuple[str, int, list[str]]:
    """Return delimiter, lines to skip before the header, and the header; no-header if none."""
    first, _, rest = sample.partition("\n")
    named = first.strip().lower().startswith("sep=") and len(first.strip()) == 5
    # a line that Excel writes for itself names the delimiter
    delimiter = first.strip()[4] if named else best_delimiter(sample)
    records = first_records(rest if named else sample, delimiter)
    if not records or not any(field.strip() for field in records[0]):
        raise SourceError(
            f"{name}: it has no header line. The first line has to name the columns.",
            code="no-header",
            path=name,
        )
    return delimiter, int(named), records[0]


def best_delimiter(sample: str) -> str:
    r"""Return the delimiter by which most records have as many fields as the header.

    >>> best_delimiter("name;amount\nAnna;1,5\nBernd;2,5\n")
    ';'
    """

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(record) for record in first_records(sample, delimiter)]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return round(Counter(widths)[widths[0]] / len(widths), 1), widths[0]

    return max(DELIMITERS, key=score)


def first_records(sample: str, delimiter: str) -> list[list[str]]:
    """Return the first records of a sample that are not empty."""
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            if record:
                records.append(record)
            if len(records) >= SAMPLE_ROWS:
                break
    except csv.Error:  # a field beyond the limit of the csv module: what was read is enough
        pass
    return records
