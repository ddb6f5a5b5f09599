"""Lists of the addon and of bank transactions are exported with texts as texts.

Bank labels, clients' names and memos come from outside the company: a spreadsheet must not take them for formulas. The
exports of all other models are Odoo's own.
"""

import json

from odoo.addons.web.controllers.export import CSVExport, ExcelExport, ExportXlsxWriter, GroupExportXlsxWriter
from odoo.http import request

# Odoo itself puts an apostrophe before = + - in CSV.
FORMULA_STARTS = ("@", "\t", "\r", "\n")
# Models of Odoo that hold what a bank has sent.
BANK_MODELS = ("account.bank.statement.line", "account.bank.statement")


def _is_protected_export():
    """Whether a model of the addon, or bank transactions, are exported."""
    model = json.loads(request.params["data"])["model"]
    return model in BANK_MODELS or request.env.registry[model]._original_module == "account_reconciliation"


class _TextsOnly:
    """A workbook in which a text stays a text: neither a formula nor a link."""

    def __init__(self, fields, columns_headers, row_count):
        super().__init__(fields, columns_headers, row_count)
        self.worksheet.strings_to_formulas = False
        self.worksheet.strings_to_urls = False


class _XlsxWriter(_TextsOnly, ExportXlsxWriter):
    pass


class _GroupXlsxWriter(_TextsOnly, GroupExportXlsxWriter):
    pass


class SafeCSVExport(CSVExport):
    def from_data(self, fields, columns_headers, rows):
        """Put an apostrophe before texts that a spreadsheet would take for formulas, as Odoo does for the most common
        ones."""
        if _is_protected_export():
            rows = [[self._as_text(value) for value in row] for row in rows]
        return super().from_data(fields, columns_headers, rows)

    def _as_text(self, value):
        return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


class SafeExcelExport(ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        """Write rows as Odoo does, texts as texts."""
        if not _is_protected_export():
            return super().from_data(fields, columns_headers, rows)
        with _XlsxWriter(fields, columns_headers, len(rows)) as writer:
            for row_number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    writer.write_cell(row_number, column, value)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        """Write groups as Odoo does, texts as texts."""
        if not _is_protected_export():
            return super().from_group_data(fields, columns_headers, groups)
        with _GroupXlsxWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value
