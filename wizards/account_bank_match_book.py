from decimal import Decimal

from odoo import Command, api, fields, models

from ..models.common.actions import CLOSE_DONE, form_of
from ..models.common.permissions import BANK, require
from ..models.common.remote_calls import remote_call


class AccountBankMatchBook(models.TransientModel):
    """“Match”: the suggestions for one bank transaction, a search for any other document, and a running remainder."""

    _name = "account.bank.match.book"
    _description = "Match a bank transaction"

    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank transaction", required=True, readonly=True)
    currency_id = fields.Many2one(related="statement_line_id.currency_id")
    company_id = fields.Many2one(related="statement_line_id.company_id")
    date = fields.Date(related="statement_line_id.date")
    amount = fields.Monetary(related="statement_line_id.amount")
    payment_ref = fields.Char(related="statement_line_id.payment_ref")
    partner_name = fields.Char(related="statement_line_id.partner_name")
    line_ids = fields.One2many("account.bank.match.book.line", "wizard_id", "Suggestions")
    preset_id = fields.Many2one(
        "account.reconcile.model",
        "Book the rest as",
        domain="[('company_id', 'parent_of', company_id), ('is_preset', '=', True)]",
        help="Takes what the chosen documents leave: all of an expense, or a fee that the bank took off.",
    )
    term = fields.Char("Search", help="Number, reference, name or amount; all words must be found.")
    remaining = fields.Monetary(compute="_compute_remaining", help="What of the transaction is not yet allocated.")
    rest_message = fields.Char(compute="_compute_remaining")

    @api.depends("line_ids.is_chosen", "line_ids.amount", "preset_id")
    def _compute_remaining(self):
        for wizard in self:
            chosen = wizard.line_ids.filtered("is_chosen")
            currency = wizard.currency_id
            wizard.remaining = currency.round(abs(wizard.amount) - sum(chosen.mapped("amount")))
            message = False
            if not currency.is_zero(wizard.remaining):
                if wizard.preset_id:
                    message = self.env._("%s is booked by the preset.", currency.format(wizard.remaining))
                elif wizard.remaining < 0:
                    message = self.env._("More is chosen than the transaction has. Lower an amount.")
                elif chosen:
                    message = self.env._("%s stays as a deposit on the account.", currency.format(wizard.remaining))
            wizard.rest_message = message

    @api.model
    def default_get(self, fields_list):
        """Start with the suggestions; the best is chosen already."""
        values = super().default_get(fields_list)
        line = self.env["account.bank.statement.line"].browse(
            values.get("statement_line_id") or self.env.context.get("active_id")
        )
        if line.exists() and "line_ids" in fields_list:
            values["statement_line_id"] = line.id
            values["line_ids"] = [Command.create(row) for row in self._suggestion_rows(line)]
        return values

    def _suggestion_rows(self, line):
        """One row for each record that is suggested; those of the best suggestion are chosen.

        A preset is no row: it is the field below the table.
        """
        rows = {}
        for number, found in enumerate(line.get_match_suggestions(20)):
            for (model, record_id), amount, name in zip(
                found["records"], found["amounts"], found["names"], strict=True
            ):
                if model == "account.reconcile.model":
                    continue
                rows.setdefault((model, record_id, found["settle"]), {
                    "record_model": model,
                    "record_id": record_id,
                    "name": name,
                    "entity_type": found["entity_type"],
                    "amount": amount,
                    "confidence": found["confidence"],
                    "reasons": "\n".join(found["reasons"]),
                    "is_settled": found["settle"],
                    "is_chosen": not number and found["is_whole"],
                })  # fmt: skip
        return list(rows.values())

    @remote_call(one=True)
    def action_search(self):
        """Add what a search finds to the rows."""
        require(self.env, BANK)
        known = {(row.record_model, row.record_id) for row in self.line_ids}
        left = max(self.remaining, 0.0)
        rows = []
        for found in self.statement_line_id.search_match_targets(self.term):
            model, record_id = found["record"]
            if (model, record_id) not in known:
                rows.append(Command.create({
                    "record_model": model, "record_id": record_id, "entity_type": found["entity_type"],
                    "name": " ".join(filter(None, (found["name"], found["partner"]))),
                    "amount": min(found["open"], left) if found["open"] > 0 else found["open"],
                }))  # fmt: skip
        self.line_ids = rows
        return self._reopen()

    def _reopen(self):
        return form_of(self, self.env._("Match"), is_dialog=True)

    @remote_call(one=True)
    def action_match(self):
        """Book what is chosen."""
        require(self.env, BANK)
        chosen = self.line_ids.filtered("is_chosen")
        records = [(row.record_model, row.record_id) for row in chosen]
        amounts = [row.amount for row in chosen]
        if self.preset_id and not self.currency_id.is_zero(self.remaining) or not chosen:
            exact = self.currency_id._exact
            rest = exact(abs(self.amount)) - sum(map(exact, amounts), Decimal(0))
            if self.preset_id:
                records.append((self.preset_id._name, self.preset_id.id))
                amounts.append(rest)
        is_transfer = [model for model, _id in records] == ["account.bank.statement.line"]
        self.statement_line_id.match_with(
            records, None if is_transfer else amounts, settle=any(chosen.mapped("is_settled"))
        )
        return CLOSE_DONE
