"""Booking a bank transaction by lines: documents, accounts, deposits, transfers and presets, in any mix."""

from odoo import models
from odoo.exceptions import UserError

from ...engine.bank_matching.amounts import ZERO
from ...engine.common.odoo_types import JOURNAL_TYPES
from ..common import kinds
from ..common.exceptions import StaleMatch
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from .booking import AccountLine, Part

LINES_MAX = 100
DOCUMENT_MODELS = ("account.move", "account.move.line", "account.payment")
LINE_KINDS = ("document", "account", "client", "vendor", "transfer", "preset")
BOOKING_LINES = kinds.rows(
    kind=kinds.text,
    record=kinds.listed,
    account_id=kinds.record_id,
    partner_id=kinds.record_id,
    tax_ids=kinds.record_ids,
    analytic_distribution=kinds.mapping,
    journal_id=kinds.record_id,
    preset_id=kinds.record_id,
    label=kinds.text,
    amount=kinds.amount,
)


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @remote_call(one=True, lines=BOOKING_LINES, settle=kinds.flag)
    def book_lines(self, lines, settle=False):
        """Book this transaction by lines that together are its amount.

        Each line is a dict of ``kind``, ``amount``, and what the kind needs; ``amount`` is in the transaction's
        currency, positive in its direction, with its taxes. One line may leave the amount out: it takes the rest.

        - ``document``: ``record`` as ``match_with`` names it (``[model, id]``)
        - ``account``: ``account_id``; may have ``partner_id``, ``tax_ids``, ``analytic_distribution``, ``label``
        - ``client``, ``vendor``: ``partner_id``, whose account takes the money as a deposit; may have ``label``
        - ``transfer``: ``journal_id``, another bank or cash account of the company; its own transaction is matched by
          itself when it is there
        - ``preset``: ``preset_id``

        What no line takes stays as a deposit where it is certain whose it is.

        :param lines: list of dicts
        :param settle: pay the one document in another currency in full, the difference being the exchange result
        :return: dict ``state`` (``done`` | ``stale``), ``message``, and where stale ``suggestions``: new ones
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the lines don't add up or one of them can't be booked; nothing is changed
        """
        require(self.env, BANK)
        documents = [line["record"] for line in lines if line["kind"] == "document" and line["record"]]

        def book():
            logged = self._logged_suggestions(documents)
            self._check_matchable()
            booking = self._plan_lines(lines, settle)
            booking.decision |= logged | {"lines": self._logged_lines(lines)}
            return self._book_by_hand([booking])

        return self._report_stale(book)

    def _plan_lines(self, lines, settle=False):
        """Plan a booking by lines.

        :param lines: list of dicts as ``book_lines`` takes them, with all their names
        :return: :class:`Booking`
        """
        if not lines:
            raise UserError(self.env._("There are no lines. Add a line for what the transaction is."))
        if len(lines) > LINES_MAX:
            raise UserError(
                self.env._("A transaction can be booked by %(max)s lines at most; these are %(count)s.",
                           max=LINES_MAX, count=len(lines))
            )  # fmt: skip
        documents = [tuple(line["record"]) for line in lines if line["kind"] == "document" and line["record"]]
        if len(set(documents)) < len(documents):
            raise UserError(self.env._("One record is chosen twice. Choose each once."))
        parts = [self._line_part(line, settle) for line in lines]
        return self._plan_parts(parts, self._line_amounts(lines))

    def _line_amounts(self, lines):
        """The amounts of the lines; the line without one takes the rest.

        :return: list of Decimal
        """
        exact = self.currency_id._exact
        amounts = [None if line["amount"] is None else exact(line["amount"]) for line in lines]
        if amounts.count(None) > 1:
            raise UserError(self.env._("Only one line can take the rest. Enter the amounts of the others."))
        rest = self._match_total() - sum((amount for amount in amounts if amount is not None), ZERO)
        return [rest if amount is None else amount for amount in amounts]

    def _line_part(self, line, settle):
        """What one line is to the transaction.

        :return: :class:`Part`
        """
        kind = line["kind"]
        if kind == "document":
            record = self._match_records([line["record"]])[0]
            if record._name not in DOCUMENT_MODELS:
                raise UserError(
                    self.env._(
                        "“%s” is not a document. A document, a journal item or a registered payment can be paid beside "
                        "other lines.",
                        record.display_name,
                    )
                )
            return self._match_part(record, settle)
        if kind == "preset":
            return self._match_part(self._match_record("account.reconcile.model", line["preset_id"]))
        if kind == "transfer":
            return self._match_part(self._line_record("account.journal", line["journal_id"]))
        if kind in ("client", "vendor"):
            return self._deposit_line_part(line)
        if kind != "account":
            raise UserError(
                self.env._(
                    "“%(kind)s” is not a kind of line. Use one of: %(kinds)s.",
                    kind=kinds.shown(kind),
                    kinds=", ".join(LINE_KINDS),
                )
            )
        account = self._line_record("account.account", line["account_id"])
        self._check_line_account(account)
        partner = self._line_partner(line) or self.partner_id
        account_line = AccountLine(
            account=account,
            partner=partner,
            taxes=self._line_taxes(line),
            analytic_distribution=self._line_distribution(line),
            label=line["label"].strip(),
        )
        return Part(account, "expense", self.env["account.move.line"], account_line=account_line)

    def _deposit_line_part(self, line):
        """Money that a client or vendor has on account, or gets back from it."""
        partner = self._line_partner(line)
        if not partner:
            raise UserError(self.env._("Choose whose account takes the money."))
        name = "property_account_receivable_id" if line["kind"] == "client" else "property_account_payable_id"
        account = partner.with_company(self.company_id)[name]
        if not account:
            raise UserError(
                self.env._("%s has no account for this in the accounting settings of the contact.", partner.name)
            )
        account_line = AccountLine(account, partner, self.env["account.tax"], label=line["label"].strip())
        return Part(partner, "payment", self.env["account.move.line"], account_line=account_line)

    # -- what lines name -----------------------------------------------------------------------------------

    def _line_record(self, model, record_id):
        """The record that a line names.

        :raise UserError: where it names none
        :raise StaleMatch: where it does not exist any more
        :raise AccessError: where the user may not read it
        """
        record = self.env[model].browse(record_id or ())
        if not record:
            raise UserError(self.env._("A line has no “%s”. Choose one.", self.env[model]._description))
        if not record.exists():
            raise StaleMatch(
                self.env._("What a line names does not exist any more (%s). Choose again.", record._description)
            )
        record.check_access("read")
        return record

    def _line_partner(self, line):
        if not line["partner_id"]:
            return self.env["res.partner"]
        partner = self._line_record("res.partner", line["partner_id"])
        if partner.company_id and partner.company_id not in self.company_id.parent_ids:
            raise UserError(
                self.env._(
                    "%(partner)s belongs to another company than “%(line)s”.",
                    partner=partner.display_name,
                    line=self.display_name,
                )
            )
        return partner

    def _line_taxes(self, line):
        taxes = self.env["account.tax"].union(
            *(self._line_record("account.tax", tax_id) for tax_id in line["tax_ids"] or ())
        )
        foreign = taxes.filtered(lambda tax: tax.company_id not in self.company_id.parent_ids)[:1]
        if foreign:
            raise UserError(
                self.env._("The tax %(tax)s belongs to another company than “%(line)s”.",
                           tax=foreign.name, line=self.display_name)
            )  # fmt: skip
        return taxes

    def _line_distribution(self, line):
        """The analytic distribution that a line gives, checked; False where it gives none."""
        distribution = {}
        for key, share in (line["analytic_distribution"] or {}).items():
            numbers = str(key).split(",")
            if not all(number.isdecimal() and kinds.is_id(int(number)) for number in numbers):
                kinds.refuse(self.env, "analytic_distribution", key, self.env._("the numbers of analytic accounts"))
            for number in numbers:
                self._line_record("account.analytic.account", int(number))
            distribution[str(key)] = kinds.finite(self.env, "analytic_distribution", share)
        return distribution or False

    def _check_line_account(self, account):
        """Refuse accounts that a person can't book to by a line.

        :raise UserError: naming the account and what to do
        """
        company = self.company_id
        if not account.active:
            raise UserError(
                self.env._("The account %s is archived. Choose another account, or restore it.", account.display_name)
            )
        if not company.parent_ids & account.sudo().company_ids:
            raise UserError(
                self.env._("The account %(account)s is not one of %(company)s.",
                           account=account.display_name, company=company.name)
            )  # fmt: skip
        if account.currency_id and account.currency_id not in (self.currency_id, company.currency_id):
            raise UserError(
                self.env._(
                    "The account %(account)s takes %(currency)s only.",
                    account=account.display_name,
                    currency=account.currency_id.name,
                )
            )
        if account in (self.journal_id.default_account_id, self.journal_id.suspense_account_id):
            raise UserError(
                self.env._(
                    "%s is the account of the bank transactions themselves. Choose the account of what the money is "
                    "for.",
                    account.display_name,
                )
            )
        if account.account_type == "off_balance":
            raise UserError(
                self.env._("%s is off the balance sheet, so no money can be booked to it.", account.display_name)
            )

    def _logged_lines(self, lines):
        """The lines as the decision log keeps them: what was given, nothing else."""
        return [{name: value for name, value in line.items() if value not in (None, "", [], {})} for line in lines]

    # -- transfers without the other side --------------------------------------------------------------------

    def _transfer_part(self, journal):
        """A transfer to or from another bank account of the company, whose own transaction may come later.

        Where that account has booked its side already, this transaction is the other side.

        :param journal: account.journal
        :return: :class:`Part`
        """
        company = self.company_id
        if journal.type not in JOURNAL_TYPES or journal.company_id != company or journal == self.journal_id:
            raise UserError(
                self.env._(
                    "%(journal)s is not another bank or cash account of %(company)s.",
                    journal=journal.display_name,
                    company=company.name,
                )
            )
        account = company.transfer_account_id
        if not account.reconcile:
            raise UserError(
                self.env._(
                    "Set an internal transfer account that can be reconciled in the settings of %s.", company.name
                )
            )
        waiting = self._waiting_transfers(journal)[:1]
        if waiting:
            return self._match_part(waiting, settle=True)
        account_line = AccountLine(
            account=account,
            partner=self.env["res.partner"],
            taxes=self.env["account.tax"],
            journal=journal,
        )
        return Part(journal, "internal_transfer", self.env["account.move.line"], account_line=account_line)
