"""What the screen “Bank Matching” shows of bank transactions."""

from odoo import models
from odoo.fields import Domain

from ...engine.bank_matching.model import DOCUMENT_SIDES
from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call

DECISIONS_MAX = 30
# The other side of a transfer is rarely further away; with a search term it may be at any date.
TRANSFER_DAYS = 14


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _matching_rows(self):
        """One dict a transaction, for the screen's list."""
        return [
            {
                "id": line.id,
                "date": line.date,
                "label": line.payment_ref or "",
                "counterparty": line.partner_id.display_name or line.partner_name or "",
                "amount": line.amount,
                "status": line.match_status,
                "entity_type": line.matched_entity_type or "",
                "ignore_reason": line.ignore_reason or "",
            }
            for line in self
        ]

    @remote_call(one=True)
    def get_bank_matching_details(self):
        """Tell all about one transaction that the screen shows beside its suggestions.

        :return: dict
        :raise AccessError: without the permission for bank reconciliation
        :raise MissingError: where it was deleted in the meantime
        """
        require(self.env, BANK)
        self.check_access("read")
        return {
            **self._matching_rows()[0],
            "currency_id": self.currency_id.id,
            "foreign_currency_id": self.foreign_currency_id.id,
            "amount_currency": self.amount_currency,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_name or "",
            "account_number": self.account_number or "",
            "reference": self.ref or "",
            "structured_reference": self.structured_reference or "",
            "mandate": self.mandate_id or "",
            "charges": self.charges,
            "return_reason": " ".join(filter(None, (self.return_code, self.return_reason))),
            "transaction_type": self.transaction_type or "",
            "statement": self.statement_id.display_name or "",
            "move_id": self.move_id.id,
            "transfer_journal": self.transfer_journal_id.display_name or "",
            "is_transfer_waiting": bool(self.transfer_journal_id and self._waits_for_other_side()),
            "is_repeatable": bool(self._booked_lines()),
            "confidence": self.match_confidence,
            "explanation": self.match_explanation or "",
            "booked": self._booked_rows() if self.is_reconciled else [],
            "questions": self._question_rows(),
            "decisions": self._decision_rows(),
        }

    def _booked_rows(self):
        """The journal items that the match made of the transaction, and what each paid."""
        items = self._seek_for_lines()[2]
        return [
            {
                "id": item.id,
                "account": item.account_id.display_name,
                "partner": item.partner_id.display_name or "",
                "amount": -item.amount_currency,
                "currency_id": item.currency_id.id,
                "documents": [
                    (move.origin_payment_id or move.statement_line_id or move).display_name
                    for move in self.move_id._reconciled_moves(item)
                ],
            }
            for item in items
        ]

    def _decision_rows(self):
        actions = dict(self.env["account.bank.match.decision"]._fields["action"]._description_selection(self.env))
        return [
            {
                "id": decision.id,
                "date": decision.date,
                "user": decision.user_id.display_name,
                "action": actions[decision.action],
                "chosen": decision.chosen or "",
                "probability": decision.probability,
                "reasons": (decision.reasons or "").splitlines(),
                "rivals": (decision.rivals or "").splitlines(),
                "batch": decision.batch or "",
            }
            for decision in self.decision_ids[:DECISIONS_MAX]
        ]

    @remote_call(one=True, term=kinds.text, limit=kinds.whole)
    def search_transfer_targets(self, term="", limit=40):
        """Search the unmatched transactions on other bank accounts that may be this one's other side.

        :param term: what the user typed; empty looks at the days around this transaction
        :return: list of dicts, equal amounts first, then the nearest dates
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("id", "!=", self.journal_id.id)]
        )
        domain = self._unmatched_domain(journals) & Domain("amount", ">" if self.amount < 0 else "<", 0)
        domain &= self.journal_id._matching_search(term.strip()[:200])
        if not term:
            near = Domain("date", ">=", self._days_away(-TRANSFER_DAYS)) & Domain(
                "date", "<=", self._days_away(TRANSFER_DAYS)
            )
            domain &= near | Domain("amount", "=", -self.amount)
        limit = max(1, min(limit, 200))
        equal = self.search(domain & Domain("amount", "=", -self.amount), limit=limit)
        found = equal | self.search(domain & Domain("id", "not in", equal.ids), limit=limit)
        found = found.sorted(lambda line: (line not in equal, abs((line.date - self.date).days), line.id))
        return [
            {**row, "journal": line.journal_id.display_name, "currency_id": line.currency_id.id,
             "fee": float(self._transfer_fee(line))}
            for line, row in zip(found[:limit], found[:limit]._matching_rows(), strict=True)
        ]  # fmt: skip

    def _days_away(self, days):
        return self.date.fromordinal(self.date.toordinal() + days)

    # -- searching ---------------------------------------------------------------------------------------------

    @remote_call(one=True, term=kinds.text, limit=kinds.whole, offset=kinds.whole)
    def search_match_targets(self, term="", limit=40, offset=0):
        """Search everything open that this transaction could pay: by number, reference, partner or amount.

        :param term: what the user typed; words must all be found, a number is also an amount
        :return: list of dicts ``record`` (``(model, id)``), ``name``, ``partner``, ``date``, ``due``, ``open``
            (in the transaction's currency, positive in its direction), ``currency``, ``entity_type``, ``kind`` (what
            it is in words: invoice, credit note, receipt, payment on account, journal entry)
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        lines = self.env["account.move.line"].search(
            self._target_domain(term.strip()[:200]),
            limit=max(1, min(limit, 200)),
            offset=offset,
            order="date_maturity desc, id desc",
        )
        rows, seen = [], set()
        for line in lines:
            record = line.payment_id if not line._is_owed_line() and line.payment_id else line.move_id
            is_document = line.move_id.is_invoice(include_receipts=True)
            if line.account_id == self.company_id.transfer_account_id or line._is_owed_line() and not is_document:
                record = line
            if record in seen:
                continue
            seen.add(record)
            open_lines = self._open_lines(record) or line
            amount = sum(open_lines.mapped("amount_residual_currency")) * self._match_direction()
            exact = line.currency_id._exact(amount)
            entity_type = self._entity_type(record, open_lines)
            rows.append({
                "record": (record._name, record.id),
                "name": record.display_name if record._name != "account.move.line" else line.move_id.display_name,
                "partner": line.partner_id.display_name or "",
                "date": line.date,
                "due": line.date_maturity or line.date,
                "open": float(self._in_transaction_currency(line, exact)),
                "amount": abs(amount),
                "currency": line.currency_id.name,
                "currency_id": line.currency_id.id,
                "entity_type": entity_type,
                "kind": self._kind_of(record, entity_type),
            })  # fmt: skip
        return rows

    def _kind_of(self, record, entity_type):
        """What is open on a client's or vendor's account, in words; '' for all else, which its type names."""
        if entity_type not in DOCUMENT_SIDES or not record.has_access("read"):
            return ""
        move = record if record._name == "account.move" else record.move_id
        if move.origin_payment_id or move.statement_line_id:
            return self.env._("Payment on account")
        return dict(move._fields["move_type"]._description_selection(self.env))[move.move_type]

    def _target_domain(self, term):
        """The journal items that a search for something to match looks through."""
        outstanding = Domain("payment_id", "!=", False) & Domain(
            "account_id.account_type", "not in", OWED_ACCOUNT_TYPES
        )
        owed = Domain("account_id.account_type", "in", OWED_ACCOUNT_TYPES)
        on_the_way = Domain("account_id", "=", self.company_id.transfer_account_id.id) & Domain(
            "journal_id", "!=", self.journal_id.id
        )
        domain = (
            Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("account_id.reconcile", "=", True)
            & Domain("company_id", "child_of", self.company_id.root_id.id)
            & Domain("move_id", "!=", self.move_id.id)
            & (owed | outstanding | on_the_way)
        )
        for word in term.split():
            found = Domain.OR([
                Domain("move_id.name", "ilike", word),
                Domain("move_id.ref", "ilike", word),
                Domain("move_id.payment_reference", "ilike", word),
                Domain("partner_id", "ilike", word),
            ])  # fmt: skip
            amount = self.currency_id._typed_amount(word)
            if amount is not None:
                found |= Domain("amount_residual_currency", "in", [amount, -amount])
                found |= Domain("amount_currency", "in", [amount, -amount])
            domain &= found
        return domain
