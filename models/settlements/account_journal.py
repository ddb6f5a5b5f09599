from dataclasses import dataclass, field
from typing import Any

from odoo import Command, models
from odoo.exceptions import UserError

from ...engine.common.odoo_types import JOURNAL_TYPES
from ...statement_formats import MappingRequired, StatementFormatError, settlements
from ...statement_formats.text import storable
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout

TEXT_MAX = 500


@dataclass(slots=True)
class PlannedSettlement:
    """What importing one payout of a report would do.

    :param settlement: ``Settlement`` as read
    :param journal: account.journal of the bank account that it was paid out to; none where there is an error
    :param known: account.settlement that is there already, or none
    :param error: why it can't be imported, or ''
    :param warnings: what was left out of the report
    """

    settlement: Any
    journal: Any
    known: Any
    error: str = ""
    warnings: list = field(default_factory=list)

    @property
    def is_new(self):
        """Whether something would be written."""
        return not self.error and (not self.known or self.settlement.is_itemized and not self.known.is_itemized)


class AccountJournal(models.Model):
    """Settlement reports of payment processors: reading, planning and writing them."""

    _inherit = "account.journal"

    @remote_call(filename=kinds.text)
    @explain_timeout
    def import_settlement_report(self, filename, content):
        """Import a settlement report of any payment processor that ``statement_formats.settlements`` reads.

        What was imported before is left out. All of the file is imported or nothing; commits nothing.

        :param filename: the file's name (str), for messages
        :param content: the file (bytes), or the same in base64 (str) as remote calls send it
        :return: the account.settlement records of the report's payouts
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: what is wrong with the file, or that no bank account fits
        """
        require(self.env, BANK)
        filename = str(filename or "")
        plan = self._plan_settlements(self._parse_settlement_report(filename, self._decode_statement_file(content)))
        self._check_settlements(filename, plan)
        return self._write_settlements(filename, plan)

    def _parse_settlement_report(self, filename, content, date_order=""):
        """Read a report.

        :param content: bytes
        :param date_order: the order of day, month and year that a user has chosen, or ''
        :return: ``SettlementFile``
        :raise UserError: with the reader's sentence
        """
        self._check_statement_size(len(content))
        try:
            return settlements.parse(filename, content, date_order=date_order)
        except MappingRequired as error:
            raise UserError(
                self.env._("%s Use “Import statements” on the bank journal for it.", self._in_words(error.sentence))
            ) from error
        except StatementFormatError as error:
            raise UserError(self._in_words(error.sentence)) from error

    def _plan_settlements(self, file):
        """Tell what importing a report would do. Writes nothing.

        :param file: ``SettlementFile``
        :return: list of :class:`PlannedSettlement`
        """
        plan = []
        for settlement in file.settlements:
            journal, error = self._route_settlement(settlement)
            known = self._known_settlement(settlement, journal)
            if known and not error:
                error = self._check_known(settlement, known)
            plan.append(PlannedSettlement(settlement, journal, known, error))
        for planned in plan[:1]:
            planned.warnings = [self._in_words(warning) for warning in file.warnings]
        return plan

    def _route_settlement(self, settlement):
        """Give (journal, error) of the bank account of a payout: this one, else the only one of its currency."""
        currency = settlement.currency
        if len(self) == 1 and (not currency or self._statement_currency().name == currency):
            return self, ""
        journals = self.search([("type", "in", JOURNAL_TYPES), ("company_id", "in", self.env.companies.ids)])
        fitting = journals.filtered(lambda one: not currency or one._statement_currency().name == currency)
        banks = fitting.filtered(lambda one: one.type == "bank") or fitting
        if len(banks) == 1 and not (len(self) == 1 and not currency):
            return banks, ""
        if not banks:
            return self.browse(), self.env._(
                "The payout %(reference)s is in %(currency)s, and no bank account is. Create its bank journal first.",
                reference=settlement.reference,
                currency=currency,
            )
        return self.browse(), self.env._(
            "Choose the bank journal that the payout %s reached: the report does not name it.", settlement.reference
        )

    def _known_settlement(self, settlement, journal):
        if not journal:
            return self.env["account.settlement"]
        return self.env["account.settlement"].search([
            ("company_id", "=", journal.company_id.id), ("processor", "=", settlement.processor),
            ("reference", "=", settlement.reference), ("currency_id", "=", journal._statement_currency().id),
        ])  # fmt: skip

    def _check_known(self, settlement, known):
        """Say in a sentence why a payout that is there already can't be the same, '' where it is."""
        exact = known.currency_id._exact
        if exact(settlement.amount_net) == exact(known.amount_net):
            return ""
        return self.env._(
            "The payout %(reference)s was imported before with %(known)s, and is %(amount)s in this report. Look which "
            "of the two reports is right; a settlement that is not matched can be deleted.",
            reference=settlement.reference,
            known=known.currency_id.format(known.amount_net),
            amount=known.currency_id.format(float(settlement.amount_net)),
        )

    def _check_settlements(self, filename, plan):
        """Refuse all of a report where one of its payouts can't be imported.

        :raise UserError: naming what is wrong
        """
        errors = list(dict.fromkeys(planned.error for planned in plan if planned.error))
        if errors:
            raise UserError(
                self.env._("%(file)s: nothing was imported.\n%(why)s", file=filename, why="\n".join(errors))
            )

    def _write_settlements(self, filename, plan):
        """Write a plan that has no errors, find where its entries belong, and have what is certain matched soon.

        :return: the account.settlement records of the plan's payouts
        """
        written = found = self.env["account.settlement"]
        for planned in plan:
            settlement = planned.known
            if planned.is_new and settlement:
                settlement._itemize(self._settlement_entries(planned.settlement))
            elif planned.is_new:
                settlement = self._create_settlement(planned)
            if planned.is_new:
                note = "\n".join([self.env._("Imported from %s.", filename), *planned.warnings])
                settlement.message_post(body=note)
                written |= settlement
            found |= settlement
        written._find_places()
        if any(written.company_id.mapped("bank_match_automatic")):
            # The scheduled action works with its own rights; it is only started earlier.
            self.env.ref("account_reconciliation.cron_auto_match").sudo()._trigger()
        return found

    def _create_settlement(self, planned):
        settlement, journal = planned.settlement, planned.journal
        settlements = self.env["account.settlement"]._own_write()
        return settlements.create({
            "journal_id": journal.id,
            "processor": settlement.processor,
            "reference": storable(settlement.reference)[:TEXT_MAX],
            "bank_references": [storable(reference)[:TEXT_MAX] for reference in settlement.bank_references],
            "payout_date": settlement.payout_date,
            "currency_id": journal._statement_currency().id,
            "amount_net": float(settlement.amount_net),
            "is_itemized": settlement.is_itemized,
            "entry_ids": [Command.create(values) for values in self._settlement_entries(settlement)],
        }).with_env(self.env)  # fmt: skip

    def _settlement_entries(self, settlement):
        """Give the values of the entries of a payout.

        :param settlement: ``Settlement``
        """
        names = {entry.original_currency for entry in settlement.entries} - {""}
        currencies = {one.name: one.id for one in self.env["res.currency"].search([("name", "in", list(names))])}
        return [
            {
                "sequence": entry.line,
                "kind": entry.kind,
                "date": entry.date,
                "amount_gross": float(entry.gross),
                "amount_fee": float(entry.fee),
                "amount_net": float(entry.net),
                "original_amount": float(entry.original_amount or 0),
                "original_currency_id": currencies.get(entry.original_currency, False),
                "reference": storable(entry.reference)[:TEXT_MAX],
                "payment_reference": storable(entry.payment_reference)[:TEXT_MAX],
                "order_references": [storable(reference)[:TEXT_MAX] for reference in entry.references],
                "description": storable(entry.description)[:TEXT_MAX],
                "customer_name": storable(entry.customer_name)[:TEXT_MAX],
                "customer_email": storable(entry.customer_email)[:TEXT_MAX],
                "processor_kind": storable(entry.text)[:TEXT_MAX],
            }
            for entry in settlement.entries
        ]
