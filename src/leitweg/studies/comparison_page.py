"""The page of a comparison as a file."""

from datetime import UTC, datetime
from pathlib import Path

from leitweg.domain.comparison import ReleasedComparison
from leitweg.reports.comparison import comparison_html
from leitweg.studies.writing_out import check_suffix, whole_file


def check_page(out: Path | None) -> None:
    """Refuse a name that promises another format, before anything is read."""
    if out is not None:
        check_suffix(out, "html")


def write_comparison(
    released: ReleasedComparison, out: Path, language: str = "en", at: datetime | None = None
) -> Path:
    """Write the page of a comparison, whole or not at all; return where.

    Raises
    ------
    QuestionError
        ``suffix-format`` where the name promises another format; ``unwritable``.
    """
    check_suffix(out, "html")
    text = comparison_html(released, language, at or datetime.now(UTC))
    with whole_file(out) as written:
        written.write_text(text, encoding="utf-8")
    return out
