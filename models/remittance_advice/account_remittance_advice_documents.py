"""Finding the documents of the lines of a remittance advice."""

from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from ...engine.bank_matching import candidates_sql
from ...engine.bank_matching.bank_text import compact
from ...engine.remittance_advice.documents import Candidate, Candidates, choose

OPEN_MAX = 5_000


class AccountRemittanceAdvice(models.Model):
    _inherit = "account.remittance.advice"

    def _find_documents(self):
        """Find the document of each line that has none, and the payer.

        Costs a number of queries that does not grow with the number of lines.
        """
        for advice in self:
            waiting = advice.line_ids.filtered(lambda line: not line.move_id and line.document_number)
            named = advice._named_documents(waiting)
            partner = advice.partner_id.commercial_partner_id or advice._owner_of(waiting, named)
            partner = partner or advice._find_payer()
            if partner and not advice.partner_id:
                advice.partner_id = partner
            if waiting:
                advice._choose_documents(waiting, named | advice._open_documents(partner), partner)

    def _find_parts(self):
        self._find_documents()

    def _numbers(self, line):
        return [text for text in (line.document_number, *(line.other_numbers or ())) if text]

    def _named_documents(self, lines):
        """The posted documents that have the number of a line, open or not.

        :return: account.move records that the user may read
        """
        keys = {compact(text) for line in lines for text in self._numbers(line)} - {""}
        if not keys:
            return self.env["account.move"]
        self.env["account.move"].flush_model()
        query = candidates_sql.by_reference(sorted(keys), self._document_company_ids())
        moves = self.env["account.move"].browse({row[1] for row in self.env.execute_query(query)})
        return moves.filtered(lambda move: move.is_invoice(include_receipts=True))._filtered_access("read")

    def _document_company_ids(self):
        # A branch may be hidden from the user; of it only ids are read here, and its documents by the user's rights.
        return self.env["res.company"].sudo().search([("id", "child_of", self.company_id.root_id.ids)]).ids

    def _open_documents(self, partner):
        if not partner:
            return self.env["account.move"]
        return self.env["account.move"].search(
            Domain("commercial_partner_id", "=", partner.id)
            & Domain("state", "=", "posted")
            & Domain("move_type", "!=", "entry")
            & Domain("amount_residual", "!=", 0)
            & Domain("company_id", "in", self._document_company_ids()),
            limit=OPEN_MAX,
            order="date desc, id desc",
        )

    def _owner_of(self, lines, moves):
        """The one account owner whose documents the numbers name, or none."""
        keys = {compact(text) for line in lines for text in self._numbers(line)[:1]}
        named = moves.filtered(lambda move: (self._keys(move) | self._orders(move)) & keys)
        owners = named.commercial_partner_id
        return self._usable_payers(owners) if len(owners) == 1 else owners.browse()

    def _usable_payers(self, partners):
        """Those of these account owners whom the company of this advice may use: its own, and those of no company."""
        companies = self.company_id.parent_ids
        return partners._filtered_access("read").filtered(
            lambda partner: not partner.company_id or partner.company_id in companies
        )

    def _keys(self, move):
        texts = (move.name, move.payment_reference, move.ref)
        return frozenset(compact(text) for text in texts if text)

    def _orders(self, move):
        return frozenset(key for key in [compact(move.invoice_origin or "")] if key)

    def _candidate(self, move):
        sign = 1 if self.direction == "in" else -1
        lines = move._owed_lines()
        exact = move.currency_id._exact
        return Candidate(
            id=move.id,
            keys=self._keys(move),
            open=sign * sum((exact(line.amount_residual_currency) for line in lines), Decimal(0)),
            total=sign * sum((exact(line.amount_currency) for line in lines), Decimal(0)),
            owner_id=move.commercial_partner_id.id,
            orders=self._orders(move),
        )

    def _choose_documents(self, lines, moves, partner):
        """Give each line its document; a document that another line has is not used."""
        moves.line_ids.fetch(["amount_residual_currency", "account_id"])
        candidates = [self._candidate(move) for move in moves]
        if partner:
            candidates = [one for one in candidates if one.owner_id == partner.id]
        candidates = Candidates(candidates)
        for line in lines:
            exact = self.currency_id._exact
            amount = None if line.is_whole else exact(line.amount)
            gross = None if amount is None else amount + exact(line.deduction)
            chosen, is_certain = choose(self._numbers(line), amount, gross, candidates)
            if not chosen:
                continue
            values = {"move_id": chosen.id, "is_certain": is_certain}
            if line.is_whole and not line.amount:
                # What a text says was deducted is not paid.
                values["amount"] = float(chosen.open - exact(line.deduction))
                values["is_amount_unsure"] = line.is_amount_unsure
            line._own_write().write(values)
            line._choose_item()
        self._prove_whole_lines()

    def _prove_whole_lines(self):
        """Where all lines add up to the total as written, what is open of the documents is what was paid."""
        for advice in self:
            exact = advice.currency_id._exact
            total = sum((exact(line.amount) for line in advice.line_ids), Decimal(0))
            if all(advice.line_ids.mapped("move_id")) and total == exact(advice.amount_stated) > 0:
                whole = advice.line_ids.filtered(lambda line: line.is_whole and not line.deduction)
                whole._confirm_amount()
