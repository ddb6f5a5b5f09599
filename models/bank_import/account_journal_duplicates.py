from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...engine.bank_import.duplicates import Candidate, pair_duplicates
from ...engine.bank_import.statement_kinds import IMPORTING
from ...statement_formats import unique_ids
from .planned_statement import SuspectedDuplicate


class AccountJournal(models.Model):
    """Bank statement files: what of them is there already, for certain or perhaps."""

    _inherit = "account.journal"

    def _identify_statements(self, plan, earlier=()):
        """Give the lines of this journal's statements their identities, and find those that were imported before.

        :param plan: list of ``PlannedStatement`` of one file
        :param earlier: the same of files that the same import writes first
        """
        self.ensure_one()
        # By the journal, not by the account number: formats write one account differently, and people correct it.
        identities = unique_ids([planned.statement for planned in plan], f"journal {self.id}")
        lines = self.env["account.bank.statement.line"]
        lines.flush_model(["unique_import_id", "journal_id", "statement_id"])
        self.env["account.bank.statement"].flush_model(["import_kind"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.unique_import_id, line.id, statement.id, statement.import_kind
                  FROM account_bank_statement_line line
             LEFT JOIN account_bank_statement statement
                    ON statement.id = line.statement_id AND statement.import_kind IS DISTINCT FROM %s
                 WHERE line.journal_id = %s AND line.unique_import_id = ANY(%s)
                """,
                IMPORTING,
                self.id,
                [unique_id for ids in identities for unique_id in ids],
            )
        )
        known = {row[0]: row[1:] for row in rows}
        seen = {unique_id for planned in earlier for unique_id in planned.ids}
        for planned, ids in zip(plan, identities, strict=True):
            planned.ids = ids
            planned.repeated = seen.intersection(ids)
            planned.known = {unique_id: known[unique_id] for unique_id in ids if unique_id in known}
            seen.update(ids)
        self._identify_batches(plan)
        self._find_batches(plan, earlier)
        self._find_suspected_duplicates(plan, earlier)

    def _find_suspected_duplicates(self, plan, earlier):
        """Find what may be there already from a file of another format, or typed by hand.

        In one format the bank's reference, or all of its words, tell for certain; two formats of one account may have
        neither in common (see ``engine/bank_import/duplicates.py``). What words agree is left out unless a person
        decides.
        """
        pairs = [(planned, *pair) for planned in plan for pair in planned.new]
        if not pairs:
            return
        certain = {line_id for planned in [*plan, *earlier] for line_id, _statement_id, _kind in planned.known.values()}
        for planned in [*plan, *earlier]:
            certain.update(planned.replaced)
            certain.update(line_id for rows in planned.batches.values() for line_id, _statement_id, _kind in rows)
        olds, details = [], {}
        for candidate, found in self._read_candidates(plan, [line for _planned, line, _unique_id in pairs]):
            if candidate.key not in certain:
                olds.append(candidate)
                details[candidate.key] = (candidate.key, *found)
        for planned in earlier:
            if planned.format == plan[0].format:
                continue
            for line, unique_id in planned.new:
                candidate = _candidate(line, unique_id)
                olds.append(candidate)
                details[unique_id] = (None, None, None, candidate.text)
        if not olds:
            return
        news = [_candidate(line, number) for number, (_planned, line, _unique_id) in enumerate(pairs)]
        for number, key, is_agreed in pair_duplicates(news, olds):
            planned, _line, unique_id = pairs[number]
            planned.suspected_duplicates[unique_id] = SuspectedDuplicate(*details[key], is_agreed)
            if is_agreed:
                planned.left_out.add(unique_id)

    def _read_candidates(self, plan, lines):
        """Read this journal's transactions of the days of some lines that come from anywhere but the same format.

        :return: list of (``Candidate``, (id of the statement or None, its kind or None, text))
        """
        days = {day for line in lines for day in line.days}
        transactions = self.env["account.bank.statement.line"]
        transactions.flush_model([
            "journal_id", "company_id", "internal_index", "amount", "payment_ref", "ref", "partner_name",
            "structured_reference", "statement_id", "import_format", "date", "state",
        ])  # fmt: skip
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, move.date, line.amount::text, statement.id, statement.import_kind,
                       CONCAT_WS(' ', line.payment_ref, move.ref, line.partner_name, line.structured_reference)
                  FROM account_bank_statement_line line
                  JOIN account_move move ON move.id = line.move_id
             LEFT JOIN account_bank_statement statement
                    ON statement.id = line.statement_id AND statement.import_kind IS DISTINCT FROM %(importing)s
                 WHERE line.journal_id = %(journal)s AND line.company_id = %(company)s
                       -- Begins with the day; the index is by it.
                   AND line.internal_index >= %(first)s AND line.internal_index < %(after)s
                   AND line.import_format IS DISTINCT FROM %(format)s
                   AND move.state != 'cancel'
              ORDER BY line.internal_index DESC
                """,
                importing=IMPORTING,
                journal=self.id,
                company=self.company_id.id,
                first=f"{min(days):%Y%m%d}",
                after=f"{max(days):%Y%m%d}~",
                format=plan[0].format,
            )
        )
        return [
            (Candidate(line_id, (day,), Decimal(amount), text), (statement_id, kind, text))
            for line_id, day, amount, statement_id, kind, text in rows
            if day in days
        ]


def _candidate(line, key):
    text = " ".join((line.label, line.reference, line.counterparty_name, line.structured_reference))
    return Candidate(key, line.days, line.amount, text)
