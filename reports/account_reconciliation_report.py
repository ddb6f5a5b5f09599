from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.common.permissions import VIEW, require
from ..models.common.remote_calls import remote_call
from ..models.common.sql import without_jit

# The most rows that are printed; longer lists are exported to a spreadsheet.
PRINTED_ROWS_MAX = 5000


class AccountReconciliationReport(models.AbstractModel):
    """What the reports on payments and items have in common: their columns, freshness and printing."""

    _name = "account.reconciliation.report"
    _description = "Report on payments and items"
    _order = "date desc, id desc"
    _rec_name = "counterpart_move_id"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    partner_id = fields.Many2one("res.partner", "Account owner", readonly=True)
    member_id = fields.Many2one("res.partner", readonly=True, help="Whom the document is addressed to.")
    counterpart_move_id = fields.Many2one("account.move", "Payment", readonly=True)
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    document_type = fields.Selection(related="move_id.move_type", string="Document type")
    document_date = fields.Date(related="move_id.invoice_date", string="Document date")
    move_line_id = fields.Many2one("account.move.line", "Item", readonly=True)
    item_name = fields.Char(related="move_line_id.name", string="Item description")
    account_id = fields.Many2one("account.account", "Ledger code", readonly=True)
    currency_id = fields.Many2one("res.currency", "Document currency", readonly=True)
    amount_currency = fields.Monetary("Amount in document currency", readonly=True, aggregator=None)

    @api.model
    def _search(self, *args, **kwargs):
        # The query reads other models' tables: their pending changes are flushed first.
        self.env["account.reconciliation.item"]._flush_sources()
        self.env["account.reconciliation.line"].flush_model()
        without_jit(self.env.cr)
        return super()._search(*args, **kwargs)

    @api.model
    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort groups by ledger code after they are made: Odoo would look the code up for every row, to group by it."""
        terms = []
        for part in order.split(",") if order else []:
            name, *direction = part.split()
            if name == "account_id" and name in groupby_terms:
                code = self.env["account.account"]._field_to_sql("ledger_code", "code", query)
                terms.append(
                    SQL(
                        "(SELECT %s FROM account_account AS ledger_code WHERE ledger_code.id = %s) %s",
                        code,
                        groupby_terms[name],
                        SQL("DESC" if [word.upper() for word in direction[:1]] == ["DESC"] else "ASC"),
                    )
                )
            else:
                terms.append(super()._read_group_orderby(part.strip(), groupby_terms, query))
        return SQL(", ").join(terms) if terms else super()._read_group_orderby(order, groupby_terms, query)

    # -- opening the source of a row ---------------------------------------------------------------------------------

    @remote_call(one=True)
    def action_open_payment(self):
        """Open the payment, bank transaction's entry or credit note of this row."""
        move = self.counterpart_move_id
        return (move.origin_payment_id or move)._get_records_action()

    @remote_call(one=True)
    def action_open_document(self):
        """Open the document of this row.

        :raise UserError: where the money isn't applied to any
        """
        if not self.move_id:
            raise UserError(
                self.env._("%s is not applied to any document. Open the payment instead.", self.display_name)
            )
        return self.move_id._get_records_action()

    # -- printing ------------------------------------------------------------------------------------------------------

    @remote_call()
    def action_print(self):
        """Print the rows that are ticked, or else all that the list shows.

        :return: the action of the PDF
        :raise AccessError: without the permission to see client billing
        """
        require(self.env, VIEW)
        domain = [("id", "in", self.ids)] if self else self.env.context.get("active_domain") or []
        report = self.env.ref(self._printed_report()).with_context(discard_logo_check=True)
        return report.report_action([], data={"domain": list(domain)})

    @api.model
    def _printed_report(self):
        """The XML id of the printed report of this model."""
        raise UserError(self.env._("There is nothing to print here. Open one of the reports, and print that."))

    @api.model
    def _printed_values(self, domain):
        """The content of the printed report.

        :param domain: the rows to print
        :return: dict ``title``, ``range``, ``columns`` (list of dicts ``label``, ``kind``) and ``companies``: one a
            company, with ``groups`` of ``label``, ``rows`` and ``totals``, and ``totals`` of all
        :raise UserError: where there is nothing to print, or more than fits on paper
        """
        require(self.env, VIEW)
        bounds = self._read_group(domain, [], ["date:min", "date:max", "__count"])[0]
        date_from, date_to, count = bounds
        if not count:
            raise UserError(self.env._("There is nothing to print: no row passes the filters. Take some of them away."))
        companies = []
        for (company,) in self._read_group(domain, ["company_id"], order="company_id"):
            own = Domain(domain) & Domain("company_id", "=", company.id)
            groups = self._printed_groups(own)
            companies.append({
                "company": company,
                "currency": company.currency_id,
                "groups": groups,
                "totals": self._add_up(company.currency_id, [group["totals"] for group in groups]),
            })  # fmt: skip
        return {
            "title": self._printed_title(),
            "date_from": date_from,
            "date_to": date_to,
            "columns": self._printed_columns(),
            "companies": companies,
            "printed_on": self.env.company._today(),
        }

    @api.model
    def _printed_title(self):
        return self._description

    @api.model
    def _printed_columns(self):
        """The columns on paper: dicts of ``label`` and ``kind`` (``text``, ``date``, ``money``)."""
        raise NotImplementedError

    @api.model
    def _printed_groups(self, domain):
        """The groups on paper: dicts of ``label``, ``rows`` (lists of values) and ``totals`` (one a money column)."""
        raise NotImplementedError

    @api.model
    def _rows_to_print(self, domain, order=None):
        """Fetch rows for paper.

        :raise UserError: where there are more than fit
        """
        rows = self.search(domain, order=order or "date, id", limit=PRINTED_ROWS_MAX + 1)
        if len(rows) > PRINTED_ROWS_MAX:
            raise UserError(
                self.env._(
                    "The list has more than %(limit)s rows, which is too much to print. Filter it, by a month for "
                    "example, or export it to a spreadsheet.",
                    limit=PRINTED_ROWS_MAX,
                )
            )
        return rows

    @api.model
    def _grouped_for_print(self, rows, label, row_values, money):
        """Group rows by a label, in the order of their first row.

        :param rows: records in order
        :param label: function of a record, the label of its group
        :param row_values: function of a record, its values on paper
        :param money: names of the money fields, in the order of the money columns
        """
        groups = {}
        for row in rows:
            group = groups.setdefault(label(row), {"label": label(row), "rows": [], "amounts": []})
            group["rows"].append(row_values(row))
            group["amounts"].append([row[name] for name in money])
        for group in groups.values():
            group["totals"] = self._add_up(rows[:1].company_currency_id, group.pop("amounts"))
        return list(groups.values())

    @api.model
    def _add_up(self, currency, amounts):
        """Sum columns of amounts exactly, in the digits of their currency."""
        return [float(sum(map(currency._exact, column))) for column in zip(*amounts, strict=True)]
