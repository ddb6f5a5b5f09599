import datetime
import logging
from contextlib import closing

from odoo import api, models
from odoo.exceptions import UserError

from ...engine.bank_import import entry_rows_sql
from ...engine.bank_import.entry_rows import (
    FOLLOWER,
    ITEM,
    LINE,
    MESSAGE,
    MOVE,
    OF_PARTNER,
    Amounts,
    Currency,
    Facts,
    OwnColumns,
    differing,
    own_values,
)
from ...engine.bank_import.entry_rows_sql import Pattern
from ...engine.common.odoo_types import MONEY_ACCOUNT_TYPES
from ..common.sql import for_slice

_logger = logging.getLogger(__name__)

# Below this number, creating the pattern entries costs more than it saves.
LINES_MIN = 50


class AccountBulkImport(models.AbstractModel):
    """Creates many bank transactions at once, as ``account.bank.statement.line.create`` creates them.

    Transactions of one kind (money in or out, with a partner or without, one foreign currency) differ in few columns.
    So Odoo creates one of each kind, which is rolled back; its rows are the pattern of the others, whose own columns
    follow Odoo's methods (``entry_rows.py``). Where a pattern is not what these columns would be, or anything else is
    not simple, Odoo creates all: it is decided before the first transaction is written.
    """

    _name = "account.bulk.import"
    _description = "Bulk import of bank transactions"

    @api.model
    def _create(self, journal, vals_list, begin=None):
        """Create bank transactions of one journal.

        The caller checks the permission; the rights on transactions and entries are checked here. Commits nothing.

        :param journal: account.journal record, with its company
        :param vals_list: what ``account.journal._prepare_statement_lines`` gives
        :param begin: is called with ``vals_list`` once it is decided that they are created, and gives for each the id
            of the statement that it is written into, or None, see :class:`BegunStatement`
        :return: (account.bank.statement.line records in the same order, None), or (none, the key of the reason, see
            :meth:`_reasons`, why Odoo must create them)
        """
        self = self.with_env(journal.env)
        lines = self.env["account.bank.statement.line"]
        vals_list = [{**values, "date": _as_date(values["date"])} for values in vals_list]
        reason = self._why(journal, vals_list)
        if reason:
            return lines, reason
        amounts = self._amounts(journal, vals_list)
        if amounts is None:
            return lines, "amount"
        kinds = [self._kind(values) for values in vals_list]
        if len(set(kinds)) * 3 > len(vals_list):
            return lines, "kinds"
        self.env.flush_all()
        partner_values = self._partner_values(journal, vals_list, amounts)
        computed = self._computed_by_orm()
        patterns, reason = self._patterns(journal, vals_list, kinds, amounts, partner_values, computed)
        if reason:
            return lines, reason
        statement_ids = begin(vals_list) if begin else [None] * len(vals_list)
        self.env.flush_all()
        for_slice(self.env.cr)
        lines = self._write(journal, vals_list, kinds, amounts, partner_values, patterns, statement_ids)
        if any(statement_ids):
            self.env.cr.execute(entry_rows_sql.add_to_statements(lines.ids))
        self._compute_rest(lines, computed)
        return lines, None

    @api.model
    def _kind(self, values):
        return values["amount"] > 0, bool(values.get("partner_id")), values.get("foreign_currency_id") or None

    # -- amounts ------------------------------------------------------------------------------------------------------

    @api.model
    def _amounts(self, journal, vals_list):
        """The amounts of each transaction; None where one is zero in one of its currencies."""
        company = journal.company_id.sudo().currency_id
        currencies = {
            currency.id: Currency(currency.id, currency.rounding, currency.decimal_places)
            for currency in (company | journal._statement_currency()).union(
                *(self.env["res.currency"].browse(values.get("foreign_currency_id") or ()) for values in vals_list)
            )
        }
        own, rates, found = journal._statement_currency(), {}, []
        for values in vals_list:
            foreign = values.get("foreign_currency_id") or own.id
            in_journal = currencies[own.id].round(values["amount"])
            in_foreign = currencies[foreign].round(values["amount_currency"]) if foreign != own.id else in_journal
            if own == company:
                in_company = in_journal
            elif foreign == company.id:
                in_company = in_foreign
            else:
                if values["date"] not in rates:
                    rates[values["date"]] = self.env["res.currency"]._get_conversion_rate(
                        own, company, journal.company_id, values["date"]
                    )
                in_company = currencies[company.id].round(in_journal * rates[values["date"]])
            one = Amounts(
                in_journal, in_foreign, in_company, currencies[own.id], currencies[foreign], currencies[company.id]
            )
            if not one.is_simple:
                return None
            found.append(one)
        return found

    @api.model
    def _partner_values(self, journal, vals_list, amounts):
        """What Odoo derives from partners, computed by Odoo once for each partner and currency.

        :return: (partner id, currency id) -> dict column -> value; empty for no partner
        """
        found = {}
        for values, one in zip(vals_list, amounts, strict=True):
            partner, currency = values.get("partner_id"), one.transaction_currency.id
            if not partner or (partner, currency) in found:
                continue
            move = self.env["account.move"].new({
                "move_type": "entry", "journal_id": journal.id, "date": values["date"], "currency_id": currency,
                "partner_id": partner,
            })  # fmt: skip
            found[partner, currency] = {
                name: (move[name].id if move._fields[name].type == "many2one" else move[name]) or None
                for name in OF_PARTNER
            }
        return found

    # -- patterns -----------------------------------------------------------------------------------------------------

    @api.model
    def _patterns(self, journal, vals_list, kinds, amounts, partner_values, computed):
        """Have Odoo create one transaction of each kind, read its rows, and roll it back.

        :param computed: table -> names of columns that Odoo computes for each row
        :return: (dict kind -> :class:`Pattern`, None), or (empty, the key of the reason why Odoo must create all)
        """
        places = {kind: place for place, kind in reversed(list(enumerate(kinds)))}
        with closing(self.env.cr.savepoint()):
            try:
                lines = self._by_odoo(journal, [vals_list[place] for place in places.values()])
                self.env.flush_all()
            except UserError:
                # Odoo raises the error again, for the right transaction, when it creates all of them.
                return {}, "refused"
            if any(
                record[name]
                # Whether other records hang on them is asked, whatever of those the user may see.
                for record in (*lines.sudo(), *lines.sudo().move_id, *lines.sudo().move_id.line_ids)
                for name, field in record._fields.items()
                if field.type == "many2many" and field.store
            ):
                return {}, "related"
            found = {}
            for (kind, place), line in zip(places.items(), lines, strict=True):
                pattern = self._read_pattern(line)
                if pattern is None:
                    return {}, "related"
                if columns := self._unexpected(pattern, line, vals_list[place], amounts[place], partner_values):
                    _logger.warning("Odoo creates bank transactions itself; unexpected columns: %s", columns)
                    return {}, "differs"
                # The numbers that follow have no gap, whatever Odoo found before the first one.
                pattern.rows[MOVE][0]["made_sequence_gap"] = False
                pattern.without(computed)
                found[kind] = pattern
        return found, None

    @api.model
    def _by_odoo(self, journal, vals_list):
        return journal._statement_line_model().create([dict(values) for values in vals_list])

    def _read_pattern(self, line):
        """The rows of a transaction; None where they are not those of a simple one."""
        move = line.move_id
        query = self.env.execute_query

        def read(sql):
            return [row[0] for row in query(sql)]

        rows = {
            MOVE: read(entry_rows_sql.stored_rows(MOVE, "id", move.ids)),
            LINE: read(entry_rows_sql.stored_rows(LINE, "id", line.ids)),
            ITEM: read(entry_rows_sql.stored_rows(ITEM, "move_id", move.ids)),
            FOLLOWER: read(entry_rows_sql.chatter_rows(FOLLOWER, move.ids)),
            MESSAGE: read(entry_rows_sql.chatter_rows(MESSAGE, move.ids)),
        }
        subtypes = dict(query(entry_rows_sql.followed_subtypes([row["id"] for row in rows[FOLLOWER]])))
        if len(rows[ITEM]) != 2:
            return None
        accounts = self.env["account.account"].browse([row["account_id"] for row in rows[ITEM]])
        columns = OwnColumns(
            line.amount > 0,
            bool(line.partner_id),
            bool(line.foreign_currency_id),
            tuple(account.reconcile or account.account_type in MONEY_ACCOUNT_TYPES for account in accounts),
        )
        return Pattern(rows, [subtypes.get(row["id"], []) for row in rows[FOLLOWER]], columns)

    def _unexpected(self, pattern, line, values, amounts, partner_values):
        """The columns of a pattern that are not what the rules for its kind give (list of str)."""
        stored = pattern.rows
        move = stored[MOVE][0]
        facts = self._facts(values, amounts, partner_values)
        facts.move_id, facts.line_id = move["id"], line.id
        facts.item_ids = tuple(row["id"] for row in stored[ITEM])
        facts.name, facts.sequence_prefix = move["name"], move["sequence_prefix"]
        facts.sequence_number = move["sequence_number"]
        own = own_values(facts, values, line.sequence)
        return [
            f"{table}.{column}"
            for table, place, row in self.env.execute_query(entry_rows_sql.expected_rows(pattern, own))
            for column in differing(row, stored[table][place])
        ]

    @api.model
    def _facts(self, values, amounts, partner_values):
        partner = values.get("partner_id")
        return Facts(amounts, partner_values[partner, amounts.transaction_currency.id] if partner else {})


def _as_date(value):
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
