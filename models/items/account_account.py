from odoo import models
from odoo.exceptions import UserError

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES


class AccountAccount(models.Model):
    _inherit = "account.account"

    def write(self, vals):
        """The entries on receivable and payable accounts have items.

        Those on an account that becomes receivable or payable get their items. What bank transactions brought follows
        from the accounts that they book on: whether one writes something off or clears something.

        :raise UserError: where an account with posted journal items stops being receivable or payable, or becomes the
            other of the two; where the ledger code of document lines becomes receivable or payable
        """
        account_type = vals.get("account_type")
        if not account_type:
            result = super().write(vals)
            if "reconcile" in vals:
                self._follow_money()
            return result
        self._check_stays_owed(account_type)
        becoming = self.filtered(
            lambda account: account_type in OWED_ACCOUNT_TYPES and account.account_type != account_type
        )
        becoming._check_no_ledger_code()
        never_open = becoming.filtered(lambda account: not account.reconcile)
        result = super().write(vals)
        if becoming:
            if "reconcile" not in vals:
                # Receivable and payable accounts are reconciled. Odoo opens what is booked on an account only where
                # that is written, not where it follows from the type.
                never_open.filtered("reconcile")._toggle_reconcile_to_true()
            self.env.flush_all()
            # The addon's own bookkeeping, of all entries there are, whoever changes the chart of accounts.
            moves = self.env["account.move"].sudo()
            moves.search([
                ("state", "=", "posted"), ("move_type", "=", "entry"), ("line_ids.account_id", "in", becoming.ids),
            ])._rebuild_reconciliation()  # fmt: skip
        self._follow_money()
        return result

    def _follow_money(self):
        """Let the balances of bank transactions that book on these accounts, and of their reversals, follow."""
        self.flush_recordset(["account_type", "reconcile"])
        # The addon's own bookkeeping, see write.
        moves = self.env["account.move"].sudo()
        self.env["account.reconciliation.line"].sudo()._follow_money(moves.search([
            ("state", "=", "posted"), ("line_ids.account_id", "in", self.ids), "|",
            ("statement_line_id", "!=", False), ("reversed_entry_id", "!=", False),
        ]))  # fmt: skip

    def _check_no_ledger_code(self):
        """Refuse to make an account receivable or payable that document lines are booked on.

        :raise UserError: naming the account and how many lines of documents are booked on it
        """
        # Safe by sudo: only how many there are, in whichever company.
        counts = self.env["account.move.line"].sudo()._read_group(
            [("account_id", "in", self.ids), ("parent_state", "=", "posted"), ("move_id.move_type", "!=", "entry")],
            ["account_id"], ["__count"],
        )  # fmt: skip
        for account, count in counts:
            raise UserError(
                self.env._(
                    "%(account)s is the ledger code of %(count)s posted lines of invoices and bills, so it can't "
                    "become receivable or payable: these lines would be debts beside those of their documents. Create "
                    "another account.",
                    account=account.display_name,
                    count=count,
                )
            )

    def _check_stays_owed(self, account_type):
        """Refuse another type of a receivable or payable account with posted journal items.

        :param account_type: the new type
        :raise UserError: naming the account and how many journal items it has
        """
        changed = self.filtered(
            lambda account: account.account_type in OWED_ACCOUNT_TYPES and account.account_type != account_type
        )
        # Safe by sudo: only how many there are, in whichever company.
        counts = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [("account_id", "in", changed.ids), ("parent_state", "=", "posted")], ["account_id"], ["__count"]
            )
        )
        for account, count in counts:
            raise UserError(
                self.env._(
                    "%(account)s has %(count)s posted journal items, so its type can't be changed: what clients and "
                    "vendors owe on it would no longer be known. Create another account of the type you need, and "
                    "choose it for new entries.",
                    account=account.display_name,
                    count=count,
                )
            )
