"""The formats of an export: csv, parquet, xlsx, json. Nothing in a file may compute."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from leitweg.domain.errors import QuestionError

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("Sales"), harmless("-")
    ("'=1+1", 'Sales', "'-")
    """
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def _rows(table: pa.Table) -> Iterator[tuple[object, ...]]:
    for batch in table.to_batches(max_chunksize=8_192):
        columns = [column.to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)


def _csv_cell(value: object) -> object:
    if isinstance(value, str):
        return harmless(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _write_csv(table: pa.Table, out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(name) for name in table.column_names])
        for row in _rows(table):
            writer.writerow([_csv_cell(value) for value in row])


def _write_parquet(table: pa.Table, out: Path) -> None:
    pq.write_table(table, out, compression="zstd")


def _write_json(table: pa.Table, out: Path) -> None:
    names = table.column_names
    rows = [dict(zip(names, map(_json_value, row), strict=True)) for row in _rows(table)]
    out.write_text(json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False), "utf-8")


def _json_value(value: object) -> object:
    if isinstance(value, float) and value != value:
        return None
    return value.isoformat() if isinstance(value, datetime) else value


def _write_xlsx(table: pa.Table, out: Path) -> None:
    if table.num_rows >= SHEET_ROWS:
        raise QuestionError(
            f"{table.num_rows} rows do not fit into one xlsx sheet ({SHEET_ROWS - 1}). "
            "Export as csv or parquet.",
            code="too-many-rows",
            rows=table.num_rows,
            limit=SHEET_ROWS - 1,
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("leitweg")

    sheet.append([_xlsx_cell(sheet, name) for name in table.column_names])
    for row in _rows(table):
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    book.save(out)


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.isoformat()
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL_CHARACTERS])
    # a text that begins with '=' would become a formula
    cell.data_type = "s"
    return cell


WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "xlsx": _write_xlsx,
    "json": _write_json,
}
