"""What the screen “Bank Matching” shows of bank transactions."""

from odoo import models
from odoo.fields import Domain

from .permissions import BANK, require

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

    def get_bank_matching_details(self):
        """Tell all about one transaction that the screen shows beside its suggestions.

        :return: dict
        :raise AccessError: without the permission for bank reconciliation
        :raise MissingError: where it was deleted in the meantime
        """
        self.ensure_one()
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
            "transaction_type": self.transaction_type or "",
            "statement": self.statement_id.display_name or "",
            "move_id": self.move_id.id,
            "confidence": self.match_confidence,
            "explanation": self.match_explanation or "",
            "booked": self._booked_rows() if self.is_reconciled else [],
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
            }
            for decision in self.decision_ids[:DECISIONS_MAX]
        ]

    def search_transfer_targets(self, term="", limit=40):
        """Search the unmatched transactions on other bank accounts that may be this one's other side.

        :param term: what the user typed; empty looks at the days around this transaction
        :return: list of dicts, equal amounts first, then the nearest dates
        :raise AccessError: without the permission for bank reconciliation
        """
        self.ensure_one()
        require(self.env, BANK)
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("id", "!=", self.journal_id.id)]
        )
        domain = self._unmatched_domain(journals) & Domain("amount", ">" if self.amount < 0 else "<", 0)
        domain &= self.journal_id._matching_search(str(term or "").strip()[:200])
        if not term:
            near = Domain("date", ">=", self._days_away(-TRANSFER_DAYS)) & Domain(
                "date", "<=", self._days_away(TRANSFER_DAYS)
            )
            domain &= near | Domain("amount", "=", -self.amount)
        limit = max(1, min(int(limit), 200))
        equal = self.search(domain & Domain("amount", "=", -self.amount), limit=limit)
        found = equal | self.search(domain & Domain("id", "not in", equal.ids), limit=limit)
        found = found.sorted(lambda line: (line not in equal, abs((line.date - self.date).days), line.id))
        return [
            {**row, "journal": line.journal_id.display_name, "currency_id": line.currency_id.id,
             "fee": self._transfer_fee(line)}
            for line, row in zip(found[:limit], found[:limit]._matching_rows(), strict=True)
        ]  # fmt: skip

    def _days_away(self, days):
        return self.date.fromordinal(self.date.toordinal() + days)

    def _transfer_fee(self, other):
        """What got lost on the way, in the transfer's currency; 0 where the currencies differ."""
        if other.currency_id != self.currency_id:
            return 0.0
        out, into = (self, other) if self.amount < 0 else (other, self)
        return float(out._match_total() - into._match_total())
