"""Booking matches: the counterparts take the suspense line's place and are reconciled with what they pay."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from ...engine.items.waterfall import allocate, allocate_to_items
from ..common.exceptions import StaleMatch
from ..common.sql import lock_rows

# How many matches are written together: enough to spread Odoo's cost per call, few enough for short locks.
BOOKING_SLICE = 500


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _book(self, bookings):
        """Book planned matches, all or nothing; costs a number of queries that hardly grows with their number.

        :param bookings: list of :class:`Booking`; no two may pay the same journal item
        :raise StaleMatch: where a transaction or what it pays is no longer as planned
        :raise UserError: by Odoo's own rules (lock dates, secured entries)
        """
        if not bookings:
            return
        lines = self.browse([booking.line.id for booking in bookings])
        targets = self.env["account.move.line"].union(*(booking.targets for booking in bookings))
        lines._lock_for_match(targets)
        moves = lines.move_id
        secured = moves.filtered("inalterable_hash")[:1]
        if secured:
            raise UserError(
                self.env._("%s is secured by a hash, so it can't be matched any more.", secured.display_name)
            )
        self._write_match_partners(bookings)
        created = self.env["account.bulk.booking"]._replace(bookings, self._replace_suspense)
        # It is written with the other fields of the match.
        with self.env.protecting([self._fields["match_status"]], lines):
            self._reconcile_counterparts(bookings, created)
        self._write_match_fields(bookings)
        self._log_bookings(bookings)

    def _lock_for_match(self, targets):
        """Lock transactions and what they pay, in a fixed order; somebody else's change makes Odoo try again.

        :param targets: account.move.line records
        """
        self.env.flush_all()
        lock_rows(self)
        targets._lock_in_order()
        matched = self.filtered("is_reconciled")[:1]
        if matched:
            raise StaleMatch(
                self.env._(
                    "“%s” was matched in the meantime. Nothing was booked. Reload the page.", matched.display_name
                )
            )

    def _replace_suspense(self, bookings, suspense):
        """Put the counterparts in the place of the suspense lines, by Odoo's own methods.

        :param suspense: account.move.line
        :return: the account.move.line records, in the order of the bookings' counterparts
        """
        # The transaction stays as the bank sent it, so nothing is synchronised back to it, and the decision log says
        # who did what, so the entry's chatter needn't.
        context = {
            "force_delete": True,
            "dynamic_unlink": True,
            "skip_account_move_synchronization": True,
            "tracking_disable": True,
            "check_move_validity": False,
            "skip_invoice_sync": True,
        }
        values = [counterpart.values for booking in bookings for counterpart in booking.counterparts]
        moves = self.browse([booking.line.id for booking in bookings]).move_id
        with moves._check_balanced({"records": moves}):
            suspense.with_context(**context).unlink()
            created = self.env["account.move.line"].with_context(**context).create(values)
        return created.with_env(self.env)

    def _reconcile_counterparts(self, bookings, created):
        """Reconcile the counterparts with what they pay: set-based where that is the same as Odoo's own method."""
        pairs, splits, of_transfers, left, lines = [], {}, {}, {}, iter(created)
        # One read for all of them.
        self.env["account.move.line"].union(*(booking.targets for booking in bookings)).mapped(
            "amount_residual_currency"
        )
        for booking in bookings:
            is_transfer = booking.entity_type == "internal_transfer" and booking.named[0][0] == self._name
            for counterpart in booking.counterparts:
                line = next(lines)
                if counterpart.lines:
                    of_line, left_after = self._pairs_of_due_lines(line, counterpart.lines, left)
                    pairs += of_line
                    left.update(left_after)
                    if counterpart.split and all(line.id in pair for pair in of_line):
                        splits |= self._splits_of_pairs(of_line, counterpart.split)
                elif is_transfer and line.account_id == line.company_id.transfer_account_id:
                    pair = frozenset((booking.line.id, booking.named[0][1]))
                    of_transfers[pair] = of_transfers.get(pair, line.browse()) + line
        for sides in of_transfers.values():
            debit = sides.filtered(lambda side: side.balance > 0)
            pairs.append((debit.id, (sides - debit).id, None))
        bulk = self.env["account.bulk.reconcile"]
        bulk._reconcile([pair for pair in pairs if pair[:2] not in splits])
        if splits:
            bulk._reconcile([pair for pair in pairs if pair[:2] in splits], splits)

    @api.model
    def _splits_of_pairs(self, pairs, split):
        """How much of each pair pays each item, where a document has several due lines.

        :param pairs: list of ``(debit line id, credit line id, Decimal)``
        :param split: ``{item id: Decimal}`` that adds up to them
        :return: ``{(debit line id, credit line id): {item id: amount}}``
        """
        splits = {}
        sources = [((debit, credit), amount) for debit, credit, amount in pairs]
        for pair, item, amount in allocate_to_items(sources, split.items()):
            splits.setdefault(pair, {})[item] = float(amount)
        return splits

    def _pairs_of_due_lines(self, money, lines, left):
        """Pair the money for a document with its open lines: the earliest due first, until nothing is left of it.

        Terms may leave lines of both signs (a first amount above the total). Those against the direction are not paid;
        once the document is paid in full they cancel out what is left of the others.

        :param money: account.move.line, a counterpart in the currency of the lines
        :param lines: account.move.line of one currency, earliest due first
        :param left: dict of what is open of lines after the pairs before, signed Decimal
        :return: pairs for ``account.bulk.reconcile._reconcile``, and a dict of what is open of these lines after them
        """
        exact, pairs = money.currency_id._exact, []
        sign = 1 if money.amount_currency < 0 else -1
        left = {line: left.get(line, exact(line.amount_residual_currency)) for line in lines}
        is_full = sum(left[line] for line in lines) == -exact(money.amount_currency)

        def pair(sources, targets):
            for source, target, part in allocate(sources, targets):
                left[target] -= sign * part
                if source != money:
                    left[source] += sign * part
                pairs.append((target.id, source.id, part) if sign > 0 else (source.id, target.id, part))

        pair([(money, exact(abs(money.amount_currency)))], [(line, sign * left[line]) for line in lines])
        if is_full:
            pair(
                [(line, -sign * left[line]) for line in lines if sign * left[line] < 0],
                [(line, sign * left[line]) for line in lines],
            )
        return pairs, left

    def _write_match_partners(self, bookings):
        """Give transactions that the bank sent without a partner the one of what they paid."""
        rows = [
            (booking.line.id, booking.partner.id)
            for booking in bookings
            if booking.partner and not booking.line.partner_id
        ]
        if not rows:
            return
        # Writing the field through the ORM would rebuild the entry from the transaction.
        given = SQL(", ").join(SQL("(%s, %s)", *row) for row in rows)
        self.env.cr.execute(
            SQL(
                """
                WITH given (line_id, partner_id) AS (VALUES %(given)s),
                moves AS (
                    UPDATE account_move AS move
                       SET partner_id = given.partner_id, commercial_partner_id = partner.commercial_partner_id
                      FROM given
                      JOIN account_bank_statement_line AS line ON line.id = given.line_id
                      JOIN res_partner AS partner ON partner.id = given.partner_id
                     WHERE move.id = line.move_id
                ), items AS (
                    UPDATE account_move_line AS item SET partner_id = given.partner_id
                      FROM given
                      JOIN account_bank_statement_line AS line ON line.id = given.line_id
                     WHERE item.move_id = line.move_id
                )
                UPDATE account_bank_statement_line AS line SET partner_id = given.partner_id, is_match_partner = TRUE
                  FROM given
                 WHERE line.id = given.line_id
                """,
                given=given,
            )
        )
        lines = self.browse([row[0] for row in rows])
        lines.invalidate_recordset(["partner_id", "is_match_partner"], flush=False)
        lines.move_id.invalidate_recordset(["partner_id", "commercial_partner_id"], flush=False)
        lines.move_id.line_ids.invalidate_recordset(["partner_id"], flush=False)

    def _write_match_fields(self, bookings):
        """Note on the transactions how they were matched."""
        self.env.flush_all()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s)",
                booking.line.id,
                booking.decision.get("action") in ("auto", "rule"),
                booking.entity_type,
                booking.decision.get("probability") or None,
                booking.decision.get("explanation") or None,
                booking.transfer_journal.id if booking.transfer_journal else None,
            )
            for booking in bookings
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_bank_statement_line AS line
                   SET is_matched_by_itself = given.is_auto, matched_entity_type = given.entity_type,
                       match_confidence = given.confidence::numeric, match_explanation = given.explanation,
                       transfer_journal_id = given.transfer_journal_id::int, ignore_reason = NULL,
                       match_status = CASE WHEN NOT line.is_reconciled THEN 'unmatched'
                                           WHEN given.is_auto THEN 'matched'
                                           ELSE 'manual' END,
                       write_uid = %s, write_date = NOW() AT TIME ZONE 'UTC'
                  FROM (VALUES %s) AS given (
                           id, is_auto, entity_type, confidence, explanation, transfer_journal_id
                       )
                 WHERE line.id = given.id
                """,
                self.env.uid,
                SQL(", ").join(rows),
            )
        )
        lines = self.browse([booking.line.id for booking in bookings])
        names = [
            "is_matched_by_itself",
            "matched_entity_type",
            "match_confidence",
            "match_explanation",
            "ignore_reason",
            "transfer_journal_id",
            "match_status",
        ]
        lines.invalidate_recordset(names, flush=False)
        with self.env.protecting([self._fields["match_status"]], lines):
            lines.modified(names)

    def _plan_automatic(self, plans):
        """Plan what is proven, one by one; what can't be booked keeps nothing else from being planned.

        :param plans: iterable of (function without arguments that gives a :class:`Booking`, dict that the decision log
            keeps of it)
        :return: (list of :class:`Booking`, how many can't be booked); what has changed since it was found is in neither
        """
        bookings, refused = [], 0
        for plan, logged in plans:
            try:
                booking = plan()
            except StaleMatch:
                continue
            except UserError:
                refused += 1
                continue
            booking.decision |= {"action": "auto", **logged}
            bookings.append(booking)
        return bookings, refused

    def _book_safely(self, bookings):
        """Book many matches in slices, each whole; where a slice fails, its matches one by one.

        :param bookings: list of :class:`Booking`
        :return: (booked, refused): lists of :class:`Booking` and of (Booking, sentence)
        """
        booked, refused = [], []
        for groups in split_every(BOOKING_SLICE, self._groups_to_book(bookings), list):
            part = [booking for group in groups for booking in group]
            try:
                with self.env.cr.savepoint():
                    self._book(part)
                booked += part
                continue
            except UserError:
                self.env.invalidate_all(flush=False)
            for group in groups:
                try:
                    with self.env.cr.savepoint():
                        self._book(group)
                    booked += group
                except UserError as error:
                    self.env.invalidate_all(flush=False)
                    refused += [(booking, str(error)) for booking in group]
        return booked, refused

    def _groups_to_book(self, bookings):
        """The bookings one by one, the two sides of a transfer together.

        Of those that pay the same journal item, or are of the same bank transaction, the first is kept.
        """
        groups = {}
        for place, booking in enumerate(bookings):
            is_transfer = booking.entity_type == "internal_transfer" and booking.named[0][0] == self._name
            key = frozenset((booking.line.id, booking.named[0][1])) if is_transfer else place
            groups.setdefault(key, {}).setdefault(booking.line.id, booking)
        taken, kept = set(), []
        for group in groups.values():
            claims = {("transaction", line_id) for line_id in group}
            claims |= {("item", item_id) for booking in group.values() for item_id in booking.targets.ids}
            if taken.isdisjoint(claims):
                taken |= claims
                kept.append(list(group.values()))
        return kept

    def _log_bookings(self, bookings):
        rows = []
        for booking in bookings:
            decision = {"action": "manual", **booking.decision}
            rows.append(
                {"line": booking.line, "entity_type": booking.entity_type, "records": booking.named, **decision}
            )
        self.env["account.bank.match.decision"]._append(rows)

    def _log_decisions(self, action, **values):
        """Write one decision for each of these transactions."""
        self.env["account.bank.match.decision"]._append([{"line": line, "action": action, **values} for line in self])
