"""The raw tables as plain rows, read by SQL.

Reading again costs a query a table; a row that is as it was stays the same object, so that what has changed since the
last reading is known, and only that is turned into exact decimals.
"""

from collections import defaultdict, namedtuple
from decimal import Decimal
from functools import cached_property

OWED = ("asset_receivable", "liability_payable")

# name: (FROM and WHERE with %s for the ids of the companies, columns; those that begin with # are exact amounts)
TABLES = {
    "move": (
        "account_move AS t WHERE t.company_id = ANY(%s)",
        "id company_id state move_type name journal_id date partner_id commercial_partner_id currency_id"
        " #amount_residual payment_state statement_line_id origin_payment_id reversed_entry_id tax_cash_basis_rec_id"
        " tax_cash_basis_origin_move_id inalterable_hash",
    ),
    "line": (
        "account_move_line AS t JOIN account_account AS a ON a.id = t.account_id"
        " LEFT JOIN res_partner AS p ON p.id = t.partner_id"
        " LEFT JOIN (SELECT account_move_line_id, ARRAY_AGG(account_tax_id ORDER BY account_tax_id) AS tax_ids"
        " FROM account_move_line_account_tax_rel GROUP BY account_move_line_id) AS tax"
        " ON tax.account_move_line_id = t.id WHERE t.company_id = ANY(%s)",
        "id company_id move_id account_id a.account_type a.reconcile partner_id p.commercial_partner_id:owner_id"
        " currency_id #amount_currency #balance #amount_residual #amount_residual_currency reconciled display_type"
        " #price_total sequence date date_maturity matching_number full_reconcile_id tax_repartition_line_id"
        " #price_subtotal name tax.tax_ids quantity price_unit no_followup",
    ),
    "partial": (
        "account_partial_reconcile AS t WHERE t.company_id = ANY(%s)",
        "id debit_move_id credit_move_id #amount #debit_amount_currency #credit_amount_currency full_reconcile_id"
        " exchange_move_id",
    ),
    "payment": (
        "account_payment AS t WHERE t.company_id = ANY(%s)",
        "id company_id move_id state #amount payment_type partner_type journal_id outstanding_account_id"
        " destination_account_id is_reconciled is_matched confirmation_state partner_id payment_method_line_id"
        " currency_id",
    ),
    "item": (
        "account_reconciliation_item AS t WHERE t.company_id = ANY(%s)",
        "id move_line_id move_id allocation_key partner_id account_id currency_id sequence #amount_total"
        " #amount_reconciled #amount_planned #amount_residual #amount_untaxed #balance_total #balance_untaxed",
    ),
    "applied": (
        "account_reconciliation_line AS t WHERE t.company_id = ANY(%s)",
        "id partial_id item_id move_line_id move_id counterpart_line_id counterpart_move_id partner_id account_id date"
        " #amount_currency #amount #amount_received is_payment",
    ),
    "money": (
        "account_reconciliation_money AS t JOIN account_move_line AS l ON l.id = t.move_line_id"
        " WHERE l.company_id = ANY(%s)",
        "id move_line_id #amount_received #amount_applied #amount_applied_currency",
    ),
    "planned": (
        "account_planned_payment AS t WHERE t.company_id = ANY(%s)",
        "id move_id number due_date #amount state is_coming keeps_items payment_id transaction_id attempt_count"
        " next_attempt_date payment_token_id payment_method_line_id",
    ),
    "planned_line": (
        "account_planned_payment_line AS t JOIN account_planned_payment AS p ON p.id = t.planned_payment_id"
        " WHERE p.company_id = ANY(%s)",
        "id planned_payment_id item_id move_line_id #amount",
    ),
    "charge": (
        "payment_transaction AS t WHERE t.company_id = ANY(%s)",
        "id state planned_payment_id reference #amount payment_id",
    ),
    "transaction": (
        "account_bank_statement_line AS t WHERE t.company_id = ANY(%s)",
        "id company_id move_id journal_id #amount #amount_currency foreign_currency_id is_reconciled match_status"
        " is_matched_by_itself matched_entity_type ignore_reason partner_id payment_ref unique_import_id statement_id"
        " is_match_partner",
    ),
    "decision": (
        "account_bank_match_decision AS t WHERE t.company_id = ANY(%s)",
        "id journal_id number action user_id statement_line_id payload previous_hash hash",
    ),
    "period": (
        "account_bank_reconciliation AS t WHERE t.company_id = ANY(%s)",
        "id company_id journal_id date_from date_to #balance_start #balance_end #total_reconciled #remaining"
        " is_balanced state",
    ),
    "confirmation": (
        "account_bank_reconciliation_confirmation AS t WHERE t.company_id = ANY(%s)",
        "id reconciliation_id move_line_id move_line_key #amount date partner_id statement_line_key is_matched",
    ),
    "snapshot": (
        "account_bank_reconciliation_snapshot AS t WHERE t.company_id = ANY(%s)",
        "id reconciliation_id is_closing #balance_start #balance_end #total_reconciled #remaining sha256",
    ),
    "returned": (
        "account_payment_return AS t WHERE t.company_id = ANY(%s)",
        "id company_id statement_line_id original_move_id money_line_id partner_id #amount is_part #fee fee_line_id"
        " charge_move_id state",
    ),
    "returned_line": (
        "account_payment_return_line AS t JOIN account_payment_return AS r ON r.id = t.return_id"
        " WHERE r.company_id = ANY(%s)",
        "id return_id money_line_id owed_line_id move_line_id #amount",
    ),
    "difference": (
        "account_difference AS t WHERE t.company_id = ANY(%s)",
        "id company_id statement_line_id entry_id policy_id partner_id reason #amount #balance",
    ),
    "dispute": (
        "account_dispute AS t WHERE t.company_id = ANY(%s)",
        "id company_id move_id statement_line_id reason #amount date_withdrawn marked",
    ),
    "batch": (
        "account_bank_batch AS t WHERE t.company_id = ANY(%s)",
        "id company_id journal_id kind name state #amount_total statement_line_id",
    ),
    "batch_part": (
        "account_bank_batch_part AS t WHERE t.company_id = ANY(%s)",
        "id batch_id payment_id #amount is_left_out is_missing",
    ),
    "advice": (
        "account_remittance_advice AS t WHERE t.company_id = ANY(%s)",
        "id company_id partner_id currency_id direction state statement_line_id #amount_total",
    ),
    "advice_line": (
        "account_remittance_advice_line AS t WHERE t.company_id = ANY(%s)",
        "id advice_id move_id preset_id #amount #deduction",
    ),
}


def _column(text):
    """A column's name in the row, and its SQL."""
    exact = text.startswith("#")
    text = text.removeprefix("#")
    source, _colon, name = text.partition(":")
    name = name or source.partition(".")[2] or source
    source = source if "." in source else f"t.{source}"
    return name, f"{source}::text" if exact else source, exact


class Table:
    """How one table is read."""

    def __init__(self, name, source, columns):
        columns = [_column(text) for text in columns.split()]
        self.name = name
        self.row = namedtuple(name.title().replace("_", ""), [column[0] for column in columns])
        self.query = f"SELECT {', '.join(column[1] for column in columns)} FROM {source} ORDER BY t.id"
        self.exact = [place for place, column in enumerate(columns) if column[2]]

    def make(self, raw):
        values = list(raw)
        for place in self.exact:
            values[place] = Decimal(values[place] or 0)
        return self.row._make(values)


READERS = [Table(name, *description) for name, description in TABLES.items()]


class Ledger:
    """All rows at one moment: ``ledger.move[id].state``; and what has changed since the reading before."""

    def __init__(self, cr, company_ids, before=None):
        self.raw, self.changed = {}, {}
        for table in READERS:
            cr.execute(table.query, [company_ids])
            raw = {row[0]: row for row in cr.fetchall()}
            old_raw = before.raw[table.name] if before else {}
            old = getattr(before, table.name) if before else {}
            rows, changed = {}, set(old_raw) - set(raw)
            for key, one in raw.items():
                if old_raw.get(key) == one:
                    rows[key] = old[key]
                else:
                    rows[key] = table.make(one)
                    changed.add(key)
            self.raw[table.name] = raw
            self.changed[table.name] = changed
            setattr(self, table.name, rows)

    def same_as(self, other):
        """The names of the tables that differ from another reading."""
        return [name for name, rows in self.raw.items() if rows != other.raw[name]]

    def _group(self, rows, *names):
        groups = defaultdict(list)
        for row in rows.values():
            for name in names:
                groups[getattr(row, name)].append(row)
        return groups

    @cached_property
    def lines_of(self):
        return self._group(self.line, "move_id")

    @cached_property
    def partials_of(self):
        """By journal item, on either side."""
        return self._group(self.partial, "debit_move_id", "credit_move_id")

    @cached_property
    def items_of(self):
        return self._group(self.item, "move_id")

    @cached_property
    def item_of_line(self):
        return {item.move_line_id: item for item in self.item.values()}

    @cached_property
    def applied_of(self):
        """By partial."""
        return self._group(self.applied, "partial_id")

    @cached_property
    def planned_of(self):
        """By document."""
        return self._group(self.planned, "move_id")

    @cached_property
    def planned_lines_of(self):
        return self._group(self.planned_line, "planned_payment_id")

    @cached_property
    def confirmations_of(self):
        return self._group(self.confirmation, "reconciliation_id")

    @cached_property
    def parts_of(self):
        """By batch."""
        return self._group(self.batch_part, "batch_id")

    @cached_property
    def advice_lines_of(self):
        return self._group(self.advice_line, "advice_id")

    @cached_property
    def returned_lines_of(self):
        return self._group(self.returned_line, "return_id")

    def owed_lines(self, move_id):
        """The receivable and payable lines of an entry."""
        return [line for line in self.lines_of[move_id] if line.account_type in OWED]

    def money_behind(self, move):
        """The payment's or bank transaction's entry that an entry is, or reverses; None for what isn't money."""
        while move and move.move_type == "entry":
            if move.origin_payment_id or move.statement_line_id:
                return move
            move = self.move.get(move.reversed_entry_id)
        return None

    def left(self, line):
        """What the partials leave of a journal item: (in its currency, in company currency)."""
        amount_currency, balance = line.amount_currency, line.balance
        for partial in self.partials_of.get(line.id, ()):
            if partial.debit_move_id == line.id:
                amount_currency -= partial.debit_amount_currency
                balance -= partial.amount
            else:
                amount_currency += partial.credit_amount_currency
                balance += partial.amount
        return amount_currency, balance
