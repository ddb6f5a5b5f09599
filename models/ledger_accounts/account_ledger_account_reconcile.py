"""Reconciling chosen lines of an account, by Odoo's own method, and booking what they differ by."""

from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from ..bank_matching.booking import AccountLine
from ..bank_matching.taxed_lines import settle_rounding, taxed_lines
from ..common import kinds
from ..common.exceptions import StaleMatch
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout

# The most lines that can be reconciled on the page at once.
LINES_MAX = 2_000


class AccountLedgerAccount(models.Model):
    _inherit = "account.ledger.account"

    @remote_call(one=True, line_ids=kinds.record_ids, kind=kinds.text)
    @explain_timeout
    def reconcile_lines(self, line_ids, kind="manual"):
        """Reconcile open lines of the account with each other; what they differ by stays open.

        :param line_ids: ids of journal items, at least one debit and one credit
        :param kind: ``manual``, or ``suggestion`` where a suggestion is accepted
        :return: dict ``id`` (of the account.ledger.reconciliation, by which it is undone), ``line_count``,
            ``amount``, ``open`` (what stays open of them, in company currency)
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where they can't be reconciled; nothing is changed
        """
        account = self._account()
        lines = self._chosen(account, line_ids)
        self._check_both_sides(lines)
        partials = self._reconcile_now(lines)
        if not partials:
            raise UserError(
                self.env._("Nothing of these lines can be reconciled with each other. Choose debits and credits.")
            )
        kind = "suggestion" if kind == "suggestion" else "manual"
        return self._result(self.env["account.ledger.reconciliation"]._note(account, kind, lines, partials), lines)

    @remote_call(
        one=True, line_ids=kinds.record_ids, account_id=kinds.record_id, tax_ids=kinds.record_ids, label=kinds.text,
        day=kinds.day,
    )  # fmt: skip
    @explain_timeout
    def book_difference(self, line_ids, account_id, label, tax_ids=None, day=None):
        """Book what lines of the account differ by to another account, and reconcile them in full.

        Lines of one side alone are moved to the other account by it, with what they are worth in company currency.

        :param line_ids: ids of journal items in one currency
        :param account_id: id of the account that takes the difference
        :param label: str, the reason: the label of the entry
        :param tax_ids: ids of taxes that are part of the difference
        :param day: date of the entry, or None for today; no day that is locked
        :return: dict as of :meth:`reconcile_lines`
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the difference can't be booked; nothing is changed
        """
        account = self._account()
        lines = self._chosen(account, line_ids)
        label = label.strip()
        if not label:
            raise UserError(self.env._("Say why the difference is booked: it is the label of the entry."))
        move = self._difference_entry(account, lines, account_id, tax_ids or [], label, day)
        own = move.line_ids.filtered(lambda line: line.account_id == account)
        partials = self._reconcile_now(lines | own)
        difference = -sum(own.mapped("balance"))
        done = self.env["account.ledger.reconciliation"]._note(
            account, "difference", lines, partials, difference=difference, move_id=move.id
        )
        return self._result(done, lines)

    def _result(self, done, lines):
        """What the page says about a reconciliation."""
        lines.invalidate_recordset(["amount_residual"])
        left = lines.company_id.currency_id.round(sum(lines.mapped("amount_residual")))
        return {"id": done.id, "line_count": done.line_count, "amount": done.amount, "open": left}

    # -- checking -----------------------------------------------------------------------------------------------------

    def _chosen(self, account, line_ids):
        """The lines that a caller has chosen, locked.

        :raise AccessError: where the user may not read one
        :raise UserError: naming what is wrong with one
        """
        if not line_ids or None in line_ids:
            raise UserError(self.env._("Choose at least one open line of %s.", account.display_name))
        if len(set(line_ids)) > LINES_MAX:
            raise UserError(
                self.env._("At most %(max)s lines can be reconciled at once; %(count)s are chosen. Choose fewer, or "
                           "use a rule.", max=LINES_MAX, count=len(line_ids))
            )  # fmt: skip
        lines = self.env["account.move.line"].browse(list(dict.fromkeys(line_ids)))
        # Lines that were deleted are missing in this check as well.
        lines = lines.exists()
        lines.check_access("read")
        companies = self._companies()
        stale = len(lines) < len(set(line_ids))
        if not stale:
            lines._lock_in_order()
            lines.invalidate_recordset(["amount_residual", "amount_residual_currency", "reconciled", "parent_state"])
        for line in lines:
            if line.account_id != account or line.company_id not in companies:
                raise UserError(
                    self.env._(
                        "%(line)s is not on %(account)s, or not of this company. Nothing was changed.",
                        line=line.display_name,
                        account=account.display_name,
                    )
                )
            stale = stale or line.reconciled or line.parent_state != "posted"
        if stale:
            raise StaleMatch(
                self.env._(
                    "One of these lines was reconciled or changed in the meantime. Nothing was changed: reload, then "
                    "choose again."
                )
            )
        return lines

    def _is_one_sided(self, lines):
        """Whether lines are all debits, or all credits."""
        return len({(line.amount_residual or line.amount_residual_currency) > 0 for line in lines}) < 2

    def _check_both_sides(self, lines):
        if self._is_one_sided(lines):
            raise UserError(
                self.env._(
                    "These are all debits, or all credits, so they can't be reconciled with each other. Choose lines "
                    "of both sides, or book them to another account."
                )
            )

    # -- writing ------------------------------------------------------------------------------------------------------

    def _reconcile_now(self, lines):
        """Reconcile lines by Odoo's own method.

        :return: the account.partial.reconcile records between them; what Odoo books beside them, such as exchange
            differences, belongs to these and is deleted with them
        """
        # The lines are locked: partials between them after this one are ours.
        [[last]] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM account_partial_reconcile"))
        lines.reconcile()
        return self.env["account.partial.reconcile"].search([
            ("id", ">", last), ("debit_move_id", "in", lines.ids), ("credit_move_id", "in", lines.ids),
        ])  # fmt: skip

    def _difference_entry(self, account, lines, account_id, tax_ids, label, day):
        """Post the entry that takes what lines differ by to another account."""
        company = lines.company_id
        if len(company) > 1:
            raise UserError(
                self.env._("These lines are of several branches. Book the difference of one branch at a time.")
            )
        if len(lines.currency_id) > 1:
            raise UserError(
                self.env._(
                    "These lines are in several currencies (%s), so they have no one difference. Reconcile them "
                    "without booking it, or choose lines of one currency.",
                    ", ".join(lines.currency_id.mapped("name")),
                )
            )
        currency, company_currency = lines.currency_id, company.currency_id
        amount = sum((currency._exact(line.amount_residual_currency) for line in lines), Decimal(0))
        day, balance = day or company._today(), amount
        if self._is_one_sided(lines):
            # Moved at their own amounts: at the rate of the day, an exchange difference would be booked that doesn't
            # exist.
            balance = sum((company_currency._exact(line.amount_residual) for line in lines), Decimal(0))
        elif amount and currency != company_currency:
            balance = company_currency._exact(currency._convert(float(amount), company_currency, company, day))
        if not amount and not balance:
            raise UserError(self.env._("These lines have no difference: reconcile them."))
        other = self._other_account(account, account_id, company)
        taxes = self._taxes(tax_ids, company)
        if taxes and not amount:
            raise UserError(
                self.env._("These lines have no amount in %s, so no tax can be part of it.", currency.display_name)
            )
        owners = lines.partner_id
        partner = owners if len(owners) == 1 and all(line.partner_id for line in lines) else owners.browse()
        if other.account_type in OWED_ACCOUNT_TYPES and not partner:
            raise UserError(
                self.env._(
                    "%s keeps what each client or vendor owes, and these lines are not all of one partner. Choose "
                    "another account, or lines of one partner.",
                    other.display_name,
                )
            )
        rate = float(abs(amount / balance)) if amount and balance else 1.0
        made = taxed_lines(
            self.env, company, currency, AccountLine(other, partner, taxes, label=label), float(amount), rate
        )
        made = settle_rounding(made, company_currency, balance, currency, amount)
        own = {
            "account_id": account.id,
            "partner_id": partner.id,
            "name": label,
            "currency_id": currency.id,
            "amount_currency": -float(amount),
            "balance": -float(balance),
        }
        journal = self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(company), ("type", "=", "general")], limit=1
        )
        if not journal:
            raise UserError(
                self.env._("%s has no journal for miscellaneous entries. Create one first.", company.display_name)
            )
        # The taxes are computed above, from the amount that includes them: Odoo must not compute them again.
        moves = self.env["account.move"].with_company(company)
        move = moves.with_context(skip_invoice_sync=True).create({
            "move_type": "entry",
            "journal_id": journal.id,
            "date": day,
            "ref": label,
            "line_ids": [Command.create(values) for values in (own, *made)],
        })  # fmt: skip
        move = move.with_context(skip_invoice_sync=False)
        company._check_day_open(day, move.journal_id, move._affect_tax_report())
        move.action_post()
        return move

    def _other_account(self, account, account_id, company):
        """The account that takes a difference.

        :raise UserError: where it is this one, or can't be booked to
        """
        if not account_id:
            raise UserError(self.env._("Choose the account that the difference is booked to."))
        other = self.env["account.account"].browse(account_id).exists()
        other.check_access("read")
        if not other or not set(company.sudo().parent_ids.ids) & set(other.company_ids.ids):
            raise UserError(
                self.env._("This account doesn't exist, or belongs to another company. Choose another account.")
            )
        if other == account:
            raise UserError(
                self.env._("The difference is on %s already. Choose another account.", account.display_name)
            )
        return other

    def _taxes(self, tax_ids, company):
        taxes = self.env["account.tax"].browse([one for one in tax_ids if one]).exists()
        taxes.check_access("read")
        foreign = taxes.filtered(lambda tax: tax.company_id not in company.sudo().parent_ids)[:1]
        if foreign or len(taxes) < len(set(tax_ids)):
            raise UserError(self.env._("One of these taxes is gone, or of another company. Choose others."))
        return taxes
