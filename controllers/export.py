"""Lists of the addon and of bank transactions are exported with texts as texts.

A bank's labels, clients' names and memos are written by strangers: no spreadsheet may take them for formulas. The
exports of all other models are Odoo's own.
"""

import json

from odoo.addons.web.controllers.export import CSVExport, ExcelExport, ExportXlsxWriter, GroupExportXlsxWriter
from odoo.http import request

# Odoo itself puts an apostrophe before = + - in CSV.
FORMULA_STARTS = ("@", "\t", "\r", "\n")
# Models of Odoo that hold what a bank has sent.
BANK_MODELS = ("account.bank.statement.line", "account.bank.statement")


def _has_texts_of_strangers():
    """Whether what is exported right now is a model of the addon, or a bank transaction."""
    model = json.loads(request.params["data"])["model"]
    return model in BANK_MODELS or request.env.registry[model]._original_module == "account_reconciliation"


class _Texts:
    """A workbook in which a text stays a text: neither a formula nor a link."""

    def __init__(self, fields, columns_headers, row_count):
        super().__init__(fields, columns_headers, row_count)
        self.worksheet.strings_to_formulas = False
        self.worksheet.strings_to_urls = False


class _XlsxWriter(_Texts, ExportXlsxWriter):
    pass


class _GroupXlsxWriter(_Texts, GroupExportXlsxWriter):
    pass


class SafeCSVExport(CSVExport):
    def from_data(self, fields, columns_headers, rows):
        """Put an apostrophe before what a spreadsheet would take for a formula, as Odoo does for the commonest."""
        if _has_texts_of_strangers():
            rows = [[self._as_text(value) for value in row] for row in rows]
        return super().from_data(fields, columns_headers, rows)

    def _as_text(self, value):
        return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


class SafeExcelExport(ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        """Write rows as Odoo does, texts as texts."""
        if not _has_texts_of_strangers():
            return super().from_data(fields, columns_headers, rows)
        with _XlsxWriter(fields, columns_headers, len(rows)) as writer:
            for row_number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    writer.write_cell(row_number, column, value)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        """Write groups as Odoo does, texts as texts."""
        if not _has_texts_of_strangers():
            return super().from_group_data(fields, columns_headers, groups)
        with _GroupXlsxWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value
