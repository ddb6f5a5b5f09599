"""Finding where the entries of settlements belong, and which bank transaction is their payout."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize, split_every

from ...engine.common.odoo_types import SALE_TYPES
from ...engine.settlements import places
from ...statement_formats.text import normalized

KEYS_SLICE = 2000
# Those kinds of which there is something to find.
NAMED_KINDS = ("payment", "refund", "dispute", "dispute_reversal", "adjustment")


class AccountSettlement(models.Model):
    _inherit = "account.settlement"

    # -- entries -----------------------------------------------------------------------------------------------

    def _find_places(self):
        """Find the registered payment or the document of each entry that has none yet, else its account owner.

        Certain is what the entry names by an id or a number; an e-mail address with an amount is only suggested. Costs
        a number of queries that does not grow with the number of entries.
        """
        for settlement in self:
            waiting = settlement.entry_ids.filtered(
                lambda entry: entry.kind in NAMED_KINDS and not (entry.payment_id or entry.move_id)
            )
            if waiting:
                settlement._find_places_of(waiting)

    def _find_places_of(self, entries):
        wanted = {entry: self._wanted(entry) for entry in entries}
        texts = {text for groups, _wanted in wanted.values() for group in groups for text in group}
        by_key = defaultdict(list)
        for candidate in self._candidates(texts):
            for key in candidate.keys:
                by_key[key].append(candidate)
        # An amount that another entry uses can't be used again.
        taken = defaultdict(Decimal)
        for entry in self.entry_ids - entries:
            place = entry.payment_id or entry.move_id
            if place:
                amount = self._wanted(entry)[1].amount_in(place.currency_id.name)
                taken[place._name, place.id] += amount or Decimal(0)
        for entry, (_groups, one) in wanted.items():
            found = {c for group in one.groups for key in group for c in by_key.get(key, ())}
            chosen = places.choose(one, list(self._left_over(found, taken))) if entry.amount_gross else None
            if chosen:
                taken[chosen.model, chosen.id] += one.amount_in(chosen.currency)
                name = "payment_id" if chosen.is_payment else "move_id"
                entry._own_write().write({name: chosen.id, "suggested_move_id": False})
            elif not entry.partner_id and (owner := places.whose(one, found)):
                entry.partner_id = owner
        self._suggest_places(entries.filtered(lambda entry: entry.state == "missing" and entry.amount_gross > 0))

    def _wanted(self, entry):
        """Give (texts to look for, ``Wanted``) of an entry."""
        groups = places.keys(
            entry.reference or "",
            entry.payment_reference or "",
            entry.order_references or (),
            entry.description or "",
        )
        currency = entry.original_currency_id
        return groups, places.Wanted(
            amount=self.currency_id._exact(entry.amount_gross),
            currency=self.currency_id.name,
            groups=tuple(frozenset(map(normalized, group)) for group in groups),
            original_amount=currency._exact(entry.original_amount) if currency else None,
            original_currency=currency.name or "",
        )

    def _left_over(self, candidates, taken):
        """Give the candidates with the amounts that earlier entries have left of them; a payment that is used is left
        out."""
        for candidate in candidates:
            used = taken.get((candidate.model, candidate.id))
            if not used:
                yield candidate
            elif not candidate.is_payment and abs(used) < abs(candidate.open):
                yield places.Candidate(
                    candidate.model,
                    candidate.id,
                    candidate.keys,
                    candidate.open - used,
                    candidate.currency,
                    candidate.owner_id,
                )

    def _candidates(self, texts):
        """Load the payments and the documents of clients that contain one of the texts, open or not.

        :param texts: set of str
        :return: list of ``Candidate``
        """
        found = {}
        keys = defaultdict(set)
        company = Domain("company_id", "child_of", self.company_id.root_id.ids)
        for some in split_every(KEYS_SLICE, sorted(texts), list):
            self._load_transactions(some, keys)
            named = Domain("memo", "in", some) | Domain("payment_reference", "in", some) | Domain("name", "in", some)
            for payment in self.env["account.payment"].search(company & named):
                keys[payment] |= {payment.memo, payment.payment_reference, payment.name}
            numbered = Domain.OR(
                [[(name, "in", some)] for name in ("name", "payment_reference", "ref", "invoice_origin")]
            )
            documents = Domain("move_type", "in", SALE_TYPES) & Domain("state", "=", "posted") & company
            for move in self.env["account.move"].search(documents & numbered):
                keys[move] |= {move.name, move.payment_reference, move.ref, move.invoice_origin}
        # A credit note is found by the document that it credits.
        documents = [record for record in keys if record._name == "account.move"]
        for move in self.env["account.move"].union(*documents).reversal_move_ids:
            if move.state == "posted" and move.move_type == "out_refund":
                keys[move] |= keys[move.reversed_entry_id]
        for record, texts_of in keys.items():
            candidate = self._candidate(record, texts_of)
            if candidate:
                found[record] = candidate
        return list(found.values())

    def _load_transactions(self, texts, keys):
        """Add what online payments of these references have led to: the registered payment, or the documents."""
        # Who may match may not read online payments; only which payment or document they led to is used of them, and
        # these are read by the user's own rights.
        transactions = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                Domain("company_id", "child_of", self.company_id.root_id.ids)
                & (Domain("provider_reference", "in", texts) | Domain("reference", "in", texts))
            )
        )
        for transaction in transactions:
            records = [*transaction.payment_id.with_env(self.env)]
            if not records and transaction.operation != "refund":
                records = [*transaction.invoice_ids.with_env(self.env)]
            for record in records:
                keys[record] |= {transaction.provider_reference, transaction.reference}

    def _candidate(self, record, texts):
        """Make a candidate of a payment or a document, or None where the user may not read it or it has no owner."""
        if not record.has_access("read"):
            return None
        is_payment = record._name == "account.payment"
        lines = record._seek_for_lines()[0].filtered("account_id.reconcile") if is_payment else record._owed_lines()
        if record.state in ("draft", "canceled", "cancel") or len(lines.currency_id) > 1:
            return None
        left = lines.filtered(lambda line: line.parent_state == "posted" and not line.reconciled)
        currency = lines.currency_id or record.currency_id
        return places.Candidate(
            model=record._name,
            id=record.id,
            keys=frozenset(normalized(text) for text in texts if text),
            open=sum((currency._exact(line.amount_residual_currency) for line in left), Decimal(0)),
            currency=currency.name,
            owner_id=record.partner_id.commercial_partner_id.id or 0,
        )

    def _suggest_places(self, entries):
        """Suggest the one open document of a client with the payer's e-mail address and exactly the amount paid."""
        emails = {email_normalize(entry.customer_email or "") for entry in entries} - {False, ""}
        if not emails:
            return
        partners = self.env["res.partner"].search([("email_normalized", "in", list(emails))])
        owners = defaultdict(set)
        for partner in partners:
            owners[partner.email_normalized].add(partner.commercial_partner_id.id)
        documents = defaultdict(list)
        for move in self.env["account.move"].search([
            ("commercial_partner_id", "in", partners.commercial_partner_id.ids),
            ("company_id", "child_of", self.company_id.root_id.ids),
            ("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("amount_residual", ">", 0),
        ]):  # fmt: skip
            amount = move.currency_id._exact(move.amount_residual)
            documents[move.commercial_partner_id.id, move.currency_id.name, amount].append(move)
        for entry in entries:
            one = self._wanted(entry)[1]
            places_found = [
                move
                for owner in owners.get(email_normalize(entry.customer_email or ""), ())
                for currency in {one.currency, one.original_currency} - {""}
                for move in documents.get((owner, currency, one.amount_in(currency)), ())
            ]
            entry._own_write().suggested_move_id = places_found[0] if len(places_found) == 1 else False

    # -- matching with the bank ------------------------------------------------------------------------------------

    @api.model
    def _whole_waiting(self, journals):
        return super()._whole_waiting(journals) & Domain("is_itemized", "=", True)

    def _references(self):
        return self.bank_references or [self.reference]

    def _find_parts(self):
        self._find_places()

    def _is_proven(self, line):
        """Whether every entry has its place for certain, so that the payout may be matched by itself."""
        self.ensure_one()
        if not self.is_itemized or self.state == "matched" or self.missing_count:
            return False
        for entry in self.entry_ids:
            if entry.kind == "payment" and not (entry.payment_id or entry.move_id):
                return False
            if entry.state == "rest" and not (entry.partner_id or entry.account_id or self._rest_account()):
                return False
        return bool(self._fee_preset()) or self.currency_id.is_zero(self.amount_fees)
