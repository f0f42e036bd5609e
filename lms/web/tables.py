"""A page's rows in other dress: CSV and XLSX. The same rows as the page, in the reader's language.

A cell is never a formula: in XLSX strings are written as strings. In CSV a name that begins with `=` is kept as it is,
because changing it would make the record wrong; whoever opens a CSV in a spreadsheet imports its columns as text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from flask import Response

from lms.kernel import clock

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"

Cell = str | int | float


@dataclass(frozen=True)
class Sheet:
    """A table with a title, sentences about what it holds, and a heading for each column."""

    title: str
    notes: Sequence[str]
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    tab: str = "Pandu"
    """The name of its worksheet: at most 31 characters, none of []:*?/\\, no other sheet's."""


def to_csv(sheet: Sheet) -> bytes:
    """Return headings and rows as CSV: comma, quoted, CRLF, UTF-8 with a mark so that spreadsheets read it right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(sheet.headings)
    writer.writerows(sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(*sheets: Sheet) -> bytes:
    """Return a workbook: title and notes above, bold headings that stay in view, every text as text."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        for sheet in sheets:
            _add_page(book, sheet)
    return out.getvalue()


def _add_page(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.tab)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 34)
    page.set_column(1, max(1, len(sheet.headings) - 1), 16)
    page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
    for number, note in enumerate(sheet.notes, start=1):
        page.write_string(number, 0, note)
    top = len(sheet.notes) + 2
    for column, heading in enumerate(sheet.headings):
        page.write_string(top, column, heading, bold)
    page.freeze_panes(top + 1, 1)
    for offset, row in enumerate(sheet.rows, start=top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                page.write_number(offset, column, cell)
            else:
                page.write_string(offset, column, cell)


def attachment(sheet: Sheet, dress: str, name: str, *more: Sheet) -> Response:
    """Answer with the sheet as `csv` or `xlsx`, named after what it holds and the day in Jakarta; nobody keeps it.

    more: further sheets of the workbook; a CSV holds one table.
    """
    day = clock.report_day(clock.now()).isoformat()
    body, mimetype = (to_csv(sheet), CSV) if dress == "csv" else (to_xlsx(sheet, *more), XLSX)
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=pandu-{name}-{day}.{dress}"
    response.headers["Cache-Control"] = "no-store"
    return response
