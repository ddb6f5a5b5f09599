import json
from collections import Counter
from math import copysign

from odoo import Command, models
from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.tools import split_every

from ...engine.bank_import.statement_kinds import UNFINISHED_KINDS
from ...statement_formats.text import storable
from .account_bulk_import_statement import BegunStatement

# Large enough to spread Odoo's cost per call, small enough that its caches stay small.
SLICE = 500
# So many of these are written in bulk together.
SLICES_IN_BULK = 16
# After so many lines, and each time their number has doubled, the statistics of the tables are updated.
STATISTICS_LINES = 2000


class AccountJournal(models.Model):
    """Bank statement files: writing what was planned as bank transactions and statements."""

    _inherit = "account.journal"

    def _write_statements(self, filename, plan, slow=None):
        """Write a plan that has no errors, in slices; linear in the number of lines.

        :param filename: becomes the statements' external reference
        :param plan: list of ``PlannedStatement``
        :param slow: Counter of what the same import has created one by one so far, see ``_create_statement_lines``; the
            first statement names it, then it is empty
        :return: the account.bank.statement records that hold the plan's transactions
        """
        statements, bulk = self.env["account.bank.statement"], self.env["account.bulk.import"]
        created, written, slow = {}, 0, Counter() if slow is None else slow
        for planned in plan:
            journal = planned.journal.with_company(planned.journal.company_id)
            ids, new = planned.free_ids, planned.new
            rows = [*planned.there.values(), *(row for rows in planned.batches.values() for row in rows)]
            olds = {statement_id for _line_id, statement_id, _kind in rows if statement_id}
            olds |= {created[unique_id] for unique_id in planned.repeated if unique_id in created}
            made, begin = {}, None
            if new:
                held = bulk._statements_of(ids)
                if bulk._may_put_in_statement(held, len(ids) + len(new)):
                    begin = BegunStatement(journal, filename, bulk._begun_statements(held)[0])
            for pairs in split_every(SLICE * SLICES_IN_BULK, new, list):
                vals_list = journal._prepare_statement_lines(pairs, planned)
                lines = journal._create_statement_lines(vals_list, written, slow, begin)
                made |= zip((unique_id for _line, unique_id in pairs), lines.ids, strict=True)
                written += len(vals_list)
            olds.update(self._replace_batch_sums(planned, made).ids)
            ids += made.values()
            statement = journal._create_statement(filename, planned, ids, slow) if ids else statements
            created.update(dict.fromkeys(planned.ids, statement.id) if statement else {})
            if begin:
                olds.update((begin.statement - statement).ids)
            statements |= statement | self._drop_emptied(statements.browse(olds).exists())
        self._match_soon(statements)
        return statements

    def _replace_batch_sums(self, planned, made):
        """Replace the sums that an earlier file brought by the single payments of their batch bookings.

        :param planned: ``PlannedStatement``
        :param made: dict identity -> id of the bank transactions that were created for it; those that go to the
            statement of a sum are taken out
        :return: the account.bank.statement records that the sums, and the payments that go there, were in
        """
        transactions = self.env["account.bank.statement.line"]
        statements = self.env["account.bank.statement"]
        ids = {unique_id: row[0] for unique_id, row in planned.known.items()} | made
        for line_id, unique_ids in planned.replaced.items():
            whole = transactions.browse(line_id).exists()
            statement = whole.statement_id
            statements |= statement
            kept = planned.kept_with_sum.intersection(unique_ids)
            payments = transactions.browse([ids[unique_id] for unique_id in unique_ids if unique_id in kept])
            # What a large import has begun for them may be empty then.
            statements |= payments.statement_id
            payments.statement_id = statement
            for unique_id in kept:
                made.pop(unique_id, None)
            # Odoo deletes no transaction of a statement that is complete; its payments make up for this one.
            whole.statement_id = False
            whole.unlink()
        return statements

    def _match_soon(self, statements):
        """Start automatic matching of what was imported, if the company uses it."""
        if any(statements.company_id.mapped("bank_match_automatic")):
            # The scheduled action works with its own rights; it is only started earlier.
            self.env.ref("account_reconciliation.cron_auto_match").sudo()._trigger()

    def _statement_line_model(self):
        """The model that creates imported bank transactions, with the right to write what only an import writes."""
        # Where OCA's bank reconciliation is installed, it would take the first of several partners of one name.
        return self.env["account.bank.statement.line"].with_context(skip_retrieve_partner=True)._own_write()

    def _create_statement_lines(self, vals_list, written=0, slow=None, begin=None):
        """Create bank transactions, set-based where that leaves what Odoo's own method leaves.

        :param vals_list: what ``_prepare_statement_lines`` gives
        :param written: how many the same import has created before
        :param slow: Counter, to which is added how many Odoo created one by one, and why (a key of
            ``account.bulk.import._reasons``)
        :param begin: what puts those into their statement that are created in bulk, see ``account.bulk.import._create``
        :return: account.bank.statement.line records, in the same order
        """
        lines, reason = self._create_in_bulk(vals_list, written, begin)
        if not reason:
            return lines
        if len(vals_list) > SLICE:
            # One that is not simple makes no more than its slice slow.
            for some in split_every(SLICE, vals_list, list):
                lines += self._create_statement_lines(some, written + len(lines), slow, begin)
            return lines
        # Without their statement: with each slice Odoo would compute it from all that is in it already.
        lines = self._statement_line_model().create(vals_list).with_env(self.env)
        if slow is not None:
            slow[reason] += len(vals_list)
        self._close_slice(vals_list, written)
        return lines

    def _create_in_bulk(self, vals_list, written, begin=None):
        """Create bank transactions set-based; parameters as of :meth:`_create_statement_lines`.

        :return: (account.bank.statement.line records in the same order, None), or (none, the key of the reason why Odoo
            must create them)
        """
        lines, reason = self.env["account.bulk.import"]._create(self, vals_list, begin)
        if not reason:
            self._close_slice(vals_list, written)
        return lines, reason

    def _close_slice(self, vals_list, written):
        """Keep the database's statistics and the cache fit for what follows."""
        if has_doubled(written, len(vals_list)):
            self._refresh_statistics()
        if len(vals_list) >= SLICE:
            # 100,000 entries in the cache are gigabytes, and each flush would look through all of them.
            self.env.flush_all()
            self.env.invalidate_all(flush=False)

    def _refresh_statistics(self):
        """Let PostgreSQL count the entries again.

        Before an entry gets its number Odoo looks for the last one. As long as the database believes that the journal
        is nearly empty it reads the whole journal for that, once for each line: measured 82 ms in place of 0.2 ms at
        13,500 lines. Autovacuum comes too late for a large import, and cannot see what is not committed.
        """
        self.env.flush_all()
        # What Odoo looks the number up by; counting all columns takes four times as long.
        self.env.cr.execute(
            "ANALYZE (SKIP_LOCKED) account_move (journal_id, date, name, state, sequence_prefix, sequence_number)"
        )

    def _drop_emptied(self, statements):
        """Delete the intraday reports, and what was begun, whose transactions a statement has taken over; give the
        others."""
        emptied = statements.filtered(lambda statement: statement.import_kind in UNFINISHED_KINDS)
        emptied -= self.env["account.bank.statement.line"]._read_group(
            [("statement_id", "in", emptied.ids)], aggregates=["statement_id:recordset"]
        )[0][0]
        emptied.unlink()
        return statements - emptied

    def _prepare_statement_lines(self, pairs, planned):
        """Give the values of bank transactions of this journal.

        :param pairs: list of (``Line``, identity)
        :param planned: ``PlannedStatement`` that they are of
        :return: list of dict
        """
        self.ensure_one()
        batch_of = planned.batch_of
        partners = self._find_statement_partners([line for line, _unique_id in pairs])
        names = {line.original_currency for line, _unique_id in pairs if line.original_currency}
        currencies = {
            currency.name: currency
            for currency in (self.env["res.currency"].search([("name", "in", list(names))]) if names else ())
        }
        return [
            {
                **self._prepare_statement_line(line, unique_id, partners, currencies),
                "import_format": planned.format,
                "import_batch_id": batch_of[unique_id] or False,
            }
            for line, unique_id in pairs
        ]

    def _prepare_statement_line(self, line, unique_id, partners, currencies):
        """Give the values of one bank transaction.

        :param partners: dict as ``_find_statement_partners`` gives it
        :param currencies: dict name -> active res.currency
        """
        texts = (line.label, line.structured_reference, line.reference, line.bank_text, line.counterparty_name)
        details = {
            "value_date": line.value_date and line.value_date.isoformat(),
            "reference": line.reference,
            "bank_reference": line.bank_reference,
            "bank_text": line.bank_text,
            "check_number": line.check_number,
            "original_amount": line.original_amount and str(line.original_amount),
            "original_currency": line.original_currency,
            "is_reversal": line.is_reversal,
            "batch_id": line.batch_id,
            "batch_reference": line.batch_reference,
            "batch_count": line.batch_count,
        }
        values = {
            "journal_id": self.id,
            "date": line.date,
            "amount": float(line.amount),
            "payment_ref": storable(next((text for text in texts if text.strip()), "/")),
            "ref": storable(line.reference or line.structured_reference) or False,
            "partner_id": partners.get((line.counterparty_account, line.counterparty_name), False),
            "partner_name": storable(line.counterparty_name) or False,
            "account_number": storable(line.counterparty_account) or False,
            "transaction_type": storable(line.transaction_code or line.bank_text) or False,
            "structured_reference": storable(line.structured_reference) or False,
            "end_to_end_id": storable(line.end_to_end_id) or False,
            "mandate_id": storable(line.mandate_id) or False,
            "charges": float(line.charges or 0),
            "return_code": storable(line.return_code) or False,
            "return_reason": storable(line.return_reason) or False,
            "unique_import_id": unique_id,
            "raw_data": _clean_json(line.raw) or False,
            "transaction_details": _clean_json({name: value for name, value in details.items() if value}) or False,
        }
        currency = currencies.get(line.original_currency)
        if currency and currency != self._statement_currency() and line.original_amount:
            values["foreign_currency_id"] = currency.id
            values["amount_currency"] = copysign(float(line.original_amount), line.amount)
        return values

    def _find_statement_partners(self, lines):
        """Find who is on the other side, by bank account or else by exact name, only where that leaves no choice.

        Costs two queries, however many lines there are. Money between accounts of the company itself has no partner.

        :param lines: list of ``Line``
        :return: dict (counterparty account, counterparty name) -> id of the account owner
        """
        numbers = {sanitize_account_number(line.counterparty_account) for line in lines} - {False, "", None}
        names = {line.counterparty_name for line in lines} - {""}
        companies = [False, *self.company_id.parent_ids.ids]
        by_number, by_name = {}, {}
        if numbers:
            for bank in self.env["res.partner.bank"].search([
                ("sanitized_acc_number", "in", list(numbers)), ("company_id", "in", companies),
            ]):  # fmt: skip
                by_number.setdefault(bank.sanitized_acc_number, set()).add(bank.partner_id.commercial_partner_id.id)
        if names:
            for partner in self.env["res.partner"].search([
                ("name", "in", list(names)), ("company_id", "in", companies),
            ]):  # fmt: skip
                by_name.setdefault(partner.name, set()).add(partner.commercial_partner_id.id)
        own = self.company_id.partner_id.commercial_partner_id.id
        found = {}
        for line in lines:
            account, name = line.counterparty_account, line.counterparty_name
            candidates = by_number.get(sanitize_account_number(account)) if account else None
            candidates = by_name.get(name, ()) if candidates is None else candidates
            if len(candidates) == 1 and own not in candidates:
                found[account, name] = next(iter(candidates))
        return found

    def _create_statement(self, filename, planned, line_ids, slow):
        """Create the statement over transactions that are there already.

        :param line_ids: ids of account.bank.statement.line
        :param slow: Counter, see ``_write_statements``
        """
        statement = planned.statement
        balance_start, balance_end = planned.balances
        values = {
            "reference": storable(filename) or False,
            "import_kind": statement.kind,
            "import_note": "\n".join(map(storable, self._import_notes(planned, slow))) or False,
        }
        if statement.name:
            values["name"] = storable(statement.name)
        if statement.date_to:
            values["date"] = statement.date_to
        if balance_end is not None:
            values |= {"balance_start": float(balance_start), "balance_end_real": float(balance_end)}
        bulk = self.env["account.bulk.import"]
        held = bulk._statements_of(line_ids)
        begun, others = bulk._begun_statements(held)
        if bulk._may_put_in_statement(held, len(line_ids)):
            created = begun or bulk._begin_statement(self, filename, statement.date_from)
            is_in = all(statement_id == created.id for statement_id, _is_begun, _is_whole in held)
            bulk._complete_statement(created, values, [] if is_in else line_ids)
        else:
            values["line_ids"] = [Command.set(line_ids)]
            created = self.env["account.bank.statement"]._own_write().create(values).with_env(self.env)
            bulk._compute_statement(created, values)
        for other in self._drop_emptied((begun | others) - created):
            bulk._compute_statement(other, {})
        return created

    def _import_notes(self, planned, slow):
        """Give the remarks on the import of a statement (list of str)."""
        notes = [*planned.warnings, *self._suspected_note(planned), *self._batch_note(planned), *self._slow_note(slow)]
        slow.clear()
        return notes

    def _slow_note(self, slow):
        """Give the sentence about transactions that Odoo created one by one: a list of one, or empty."""
        reasons = self.env["account.bulk.import"]._reasons()
        named = {reasons[key]: count for key, count in slow.items() if reasons[key]}
        if not named:
            return []
        return [
            self.env._(
                "%(count)s transactions were created one by one, which takes longer: %(reasons)s.",
                count=sum(named.values()),
                reasons=", ".join(named),
            )
        ]

    def _batch_note(self, planned):
        """Give the sentence about batch bookings that were counted once without proof: a list of one, or empty."""
        asked = [suspected for suspected in planned.suspected_batches.values() if not suspected.is_certain]
        if not asked:
            return []
        return [
            self.env._(
                "%(count)s batch bookings look like ones that another message brought as their sum or as their "
                "payments (same day and sum): %(same)s were counted once.",
                count=len(asked),
                same=sum(suspected.is_same for suspected in asked),
            )
        ]

    def _suspected_note(self, planned):
        """Give the sentence about lines that look like imported ones: a list of one, or empty."""
        left_out, alike = len(planned.left_out), len(planned.suspected_duplicates)
        if not alike:
            return []
        return [
            self.env._(
                "%(alike)s transactions look like ones that were there already (same day and amount, from another "
                "format or typed by hand): %(left_out)s were left out, %(taken)s imported.",
                alike=alike,
                left_out=left_out,
                taken=alike - left_out,
            )
        ]


def has_doubled(written, more):
    """Tell whether creating ``more`` lines after ``written`` ones passes ``STATISTICS_LINES`` or a doubling of it."""
    return (written // STATISTICS_LINES).bit_length() < ((written + more) // STATISTICS_LINES).bit_length()


def _clean_json(data):
    """Remove characters that the database can't store from plain data, also from its keys."""
    if isinstance(data, dict):
        return {storable(str(name)): _clean_json(value) for name, value in data.items()}
    return storable(data) if isinstance(data, str) else json.loads(json.dumps(data, default=str))
