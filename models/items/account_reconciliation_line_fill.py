"""Filling the addon's tables from a ledger: at installation, and again where an older version knew less.

What an old ledger holds never stops an installation or an update: the entries that can't be filled are named in the log
and have the status *error*, the rest is filled.
"""

import logging
import time

import psycopg2
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.items import both_signs_sql, items_sql, money_sql, worth_sql
from ..common.sql import with_default_jit, without_jit

_logger = logging.getLogger(__name__)


class AccountReconciliationLine(models.Model):
    _inherit = "account.reconciliation.line"

    def _fill_from_ledger(self):
        """Give every posted document its items and every partial its lines, oldest first, at installation.

        Done before Odoo adds indexes and foreign keys and before the balances follow by trigger: each is then made
        once over the finished tables, not row by row.
        """
        start = time.monotonic()
        items = self.env["account.reconciliation.item"]
        items._flush_sources()
        cr = self.env.cr
        without_jit(cr)
        self._by_parts(SQL("SELECT id FROM account_move WHERE state = 'posted'"), self._fill_items, self._name_move)
        # The next statement is planned by the size of this table, which was empty until now.
        cr.execute("ANALYZE account_reconciliation_item")
        self._by_parts(SQL("SELECT id FROM account_partial_reconcile"), self._fill_lines, self._name_partial)
        cr.execute(money_sql.settle_money())
        with_default_jit(cr)
        items._invalidate_balances()
        cr.execute(
            "SELECT (SELECT COUNT(*) FROM account_reconciliation_item), COUNT(*) FROM account_reconciliation_line"
        )
        _logger.info("Existing ledger: %s items, %s reconciliation lines in %.1f s", *cr.fetchone(),
                     time.monotonic() - start)  # fmt: skip

    def _by_parts(self, ids, write, name):
        """Do something to all rows at once; where a row makes that fail, to halves of them, until it is found.

        :param ids: a query of the ids of all rows
        :param write: called with a list of ids, or None for all of them
        :param name: called with the id of a row that fails, gives its name for the log
        :return: list of ids that failed
        """
        try:
            with self.env.cr.savepoint(flush=False):
                write(None)
            return []
        except psycopg2.Error as error:
            _logger.warning("The ledger can't be read at once (%s): it is read in parts.", str(error).strip())
        self.env.cr.execute(SQL("%s ORDER BY id", ids))
        parts, failed = [[row[0] for row in self.env.cr.fetchall()]], []
        while parts:
            part = parts.pop()
            try:
                with self.env.cr.savepoint(flush=False):
                    write(part)
            except psycopg2.Error as error:
                if len(part) > 1:
                    # The older half is next, so that the oldest money stays first.
                    parts += [part[len(part) // 2 :], part[: len(part) // 2]]
                    continue
                failed += part
                _logger.warning("%s is left out: %s", name(part[0]), str(error).strip())
        return failed

    def _fill_items(self, move_ids):
        """Give documents their items, and entries that reverse money their balance.

        :param move_ids: list of ids of account_move, or None for all
        """
        cr = self.env.cr
        only = SQL("TRUE") if move_ids is None else SQL("move.id = ANY(%s)", move_ids)
        cr.execute(money_sql.insert_reversed_money(only))
        only = SQL("TRUE") if move_ids is None else SQL("m.id = ANY(%s)", move_ids)
        cr.execute(items_sql.insert_items(only))

    def _fill_lines(self, partial_ids):
        """Give partials their lines, and their items and money what they apply.

        :param partial_ids: list of ids of account_partial_reconcile, or None for all
        """
        cr = self.env.cr
        only = SQL("TRUE") if partial_ids is None else SQL("partial.id = ANY(%s)", partial_ids)
        cr.execute(money_sql.insert_money(only))
        cr.execute(items_sql.insert_allocated_lines(only, self.env.uid))
        cr.execute(items_sql.settle_balances())

    def _settle_all_both_signs(self, order=None):
        """Bring the items of documents whose due lines have both signs to what the sum of these lines has open.

        :param order: see :meth:`_settle_both_signs`
        :return: list of ids of documents that couldn't be
        """
        documents = both_signs_sql.documents()

        def settle(move_ids):
            which = SQL("m.id = ANY(%s)", move_ids) if move_ids else SQL("m.id IN (%s)", documents)
            self._settle_both_signs(which, order)

        return self._by_parts(documents, settle, self._name_move)

    def _name_move(self, move_id):
        self.env.cr.execute("SELECT name FROM account_move WHERE id = %s", [move_id])
        return f"Entry {self.env.cr.fetchone()[0]} (account.move {move_id})"

    def _name_partial(self, partial_id):
        self.env.cr.execute(
            "SELECT debit.move_name, credit.move_name FROM account_partial_reconcile AS partial"
            " JOIN account_move_line AS debit ON debit.id = partial.debit_move_id"
            " JOIN account_move_line AS credit ON credit.id = partial.credit_move_id WHERE partial.id = %s",
            [partial_id],
        )
        debit, credit = self.env.cr.fetchone() or (None, None)
        return f"The reconciliation of {debit} and {credit} (account.partial.reconcile {partial_id})"

    @api.model
    def _correct_worth(self):
        """Correct the items of older versions by what their entries book, and compute the amounts of lines again.

        Where only net and company amounts were missing, they are set. A document whose items are worth something else
        now is rebuilt from its partials, in the order of its account.

        :return: (number of documents rebuilt, list of names of those that couldn't be)
        """
        cr = self.env.cr
        self.env.flush_all()
        cr.execute("DROP TABLE IF EXISTS account_reconciliation_worth")
        cr.execute(
            "CREATE TEMPORARY TABLE account_reconciliation_worth"
            " (move_id int, move_line_id int, amount_untaxed numeric, amount_total numeric, balance_untaxed numeric,"
            " balance_total numeric) ON COMMIT DROP"
        )

        def read_worth(move_ids):
            only = SQL("TRUE") if move_ids is None else SQL("m.id = ANY(%s)", move_ids)
            cr.execute(
                SQL(
                    "INSERT INTO account_reconciliation_worth SELECT move_id, move_line_id, amount_untaxed,"
                    " amount_total, balance_untaxed, balance_total FROM (%s) AS worth",
                    worth_sql.document_worth(only),
                )
            )

        without_jit(cr)
        failed = self._by_parts(SQL("SELECT id FROM account_move WHERE state = 'posted'"), read_worth, self._name_move)
        cr.execute(
            """
            UPDATE account_reconciliation_item AS item
               SET balance_total = ABS(line.balance), balance_untaxed = ABS(line.balance)
              FROM account_move_line AS line
             WHERE line.id = item.move_line_id AND item.allocation_key < 0 AND item.balance_total IS NULL
            """
        )
        cr.execute(
            """
            UPDATE account_reconciliation_item AS item
               SET amount_untaxed = worth.amount_untaxed, balance_untaxed = worth.balance_untaxed,
                   balance_total = worth.balance_total
              FROM account_reconciliation_worth AS worth
             WHERE worth.move_line_id = item.move_line_id AND worth.amount_total = item.amount_total
            """
        )
        # Rebuilt: other totals; the lines of a document that were paid each by itself; what two due lines of one
        # document paid each other; a document that is worth nothing and has open items.
        cr.execute(
            """
            SELECT item.move_id
              FROM account_reconciliation_item AS item
              JOIN account_move AS move ON move.id = item.move_id AND move.move_type <> 'entry'
              LEFT JOIN account_reconciliation_worth AS worth ON worth.move_line_id = item.move_line_id
             WHERE worth.amount_total <> item.amount_total OR item.allocation_key < 0
             UNION
            SELECT move_id FROM account_reconciliation_line AS line
              JOIN account_move AS move ON move.id = line.move_id AND move.move_type <> 'entry'
             WHERE line.counterpart_move_id = line.move_id
             UNION
            SELECT move_id FROM account_reconciliation_item
             WHERE allocation_key > 0
             GROUP BY move_id HAVING SUM(amount_total) = 0 AND SUM(ABS(amount_residual)) > 0
            """
        )
        moves = self.env["account.move"].browse(sorted(row[0] for row in cr.fetchall()))
        self.env.invalidate_all()
        for move in moves:
            try:
                with cr.savepoint():
                    move._rebuild_reconciliation()
            except (psycopg2.Error, UserError) as error:
                self.env.invalidate_all()
                failed.append(move.id)
                _logger.warning("%s can't be rebuilt: %s", self._name_move(move.id), str(error).strip())
        self._settle_all_both_signs()
        self.env.flush_all()
        self._recompute_amounts_without_triggers()
        _logger.info("Items of %s documents were rebuilt; %s could not be: %s", len(moves), len(failed), failed)
        return len(moves), [self._name_move(move_id) for move_id in failed]
