"""Putting many bank transactions into their statement at once."""

from odoo import api, models

from ...engine.bank_import import entry_rows_sql
from ...engine.bank_import.entry_rows import internal_index
from ...engine.bank_import.statement_kinds import IMPORTING
from ...statement_formats.text import storable
from .account_bulk_import import LINES_MIN

# What is right of a statement that is being imported after each of its transactions.
KEPT_UP = ("first_line_index", "date", "journal_id", "company_id", "currency_id")


class BegunStatement:
    """The statement that transactions of a file are written into; it is made together with the first of them.

    How to use: call it with the values of the transactions once it is certain that they are written in bulk; it gives
    the id of the statement for each.

    :param statement: account.bank.statement record that an interrupted import has begun, or none
    """

    def __init__(self, journal, filename, statement):
        self.journal, self.filename, self.statement = journal, filename, statement

    def __call__(self, vals_list):
        if not self.statement:
            bulk = self.journal.env["account.bulk.import"]
            day = min(values["date"] for values in vals_list)
            self.statement = bulk._begin_statement(self.journal, self.filename, day)
        return [self.statement.id] * len(vals_list)


class AccountBulkImport(models.AbstractModel):
    _inherit = "account.bulk.import"

    @api.model
    def _may_put_in_statement(self, held, count):
        """Whether bank transactions may be put into their statement in bulk.

        :param held: what :meth:`_statements_of` gives for those that are there
        :param count: how many they are, with those that are still to be written
        """
        lines = self.env["account.bank.statement.line"]
        return (
            count >= LINES_MIN
            # Those that leave another statement are taken out of it by Odoo.
            and all(is_begun or not statement_id for statement_id, is_begun, _is_whole in held)
            and not self._import_hooked()
            and not self.env["account.bulk.reconcile"]._changed_methods("import")
            and not self.env.registry.get_trigger_tree(
                [lines._fields["statement_id"]],
                select=lambda field: field.store and bool(field.compute) and self._is_foreign(field),
            )
        )

    @api.model
    def _begun_statements(self, held):
        """The statements that are being imported and have some of these transactions.

        :param held: what :meth:`_statements_of` gives for them
        :return: (one that has no other imported transaction, or none; the others): account.bank.statement records
        """
        statements = self.env["account.bank.statement"]
        begun = [(statement_id, is_whole) for statement_id, is_begun, is_whole in held if is_begun]
        whole = statements.browse([statement_id for statement_id, is_whole in begun if is_whole][:1])
        return whole, statements.browse([statement_id for statement_id, _is_whole in begun]) - whole

    @api.model
    def _statements_of(self, line_ids):
        """The statements that transactions are in.

        :return: list of (id or None, whether it is being imported, whether it has no other imported transactions)
        """
        self.env["account.bank.statement.line"].flush_model(["statement_id"])
        self.env["account.bank.statement"].flush_model(["import_kind"])
        return self.env.execute_query(entry_rows_sql.statements_of(line_ids, IMPORTING)) if line_ids else []

    @api.model
    def _begin_statement(self, journal, filename, day):
        """Create a statement for transactions that are written from now on.

        Its balances are what its transactions lead to, until it has all of them, see :meth:`_complete_statement`.

        :param filename: str
        :param day: date of its first transaction
        :return: account.bank.statement record
        """
        statements = self.env["account.bank.statement"]._own_write()
        # Odoo computes the starting balance from what is before the first transaction.
        example = statements.new({"journal_id": journal.id, "first_line_index": internal_index(day, 1, 10**10 - 1)})
        statement = statements.create({
            "reference": storable(filename) or False,
            "balance_start": example.balance_start,
            "import_kind": IMPORTING,
            "import_note": self.env._("Its import has not finished. Import the same file again to complete it."),
        }).with_env(self.env)  # fmt: skip
        # Odoo computes it when it creates a statement, from the transactions, of which there are none.
        statement.flush_recordset()
        statement.journal_id = journal
        return statement

    @api.model
    def _complete_statement(self, statement, values, line_ids):
        """Give a statement that was begun its values and the transactions that are not in it yet; Odoo computes it.

        :param statement: account.bank.statement record that :meth:`_begin_statement` gave
        :param values: of it, without ``line_ids``
        :param line_ids: ids of account.bank.statement.line, none of another statement that is not being imported
        """
        self.env.flush_all()
        if line_ids:
            self.env.cr.execute(
                entry_rows_sql.put_in_statement(line_ids, statement.id, self.env.uid, self.env.cr.now())
            )
        self._compute_statement(statement, values, known=() if line_ids else KEPT_UP, is_new=False)

    @api.model
    def _compute_statement(self, statement, values, known=(), is_new=True):
        """Have Odoo compute the stored fields of a statement that were not given, from all its transactions.

        Its own ``create`` may compute them when it knows only some of the transactions: of 119 random files without
        balances, the ending balance of some was 0, the starting balance of others counted their own transactions.

        :param values: what was given
        :param known: names of fields that are right already
        :param is_new: whether the statement was created with the values; else they are written
        """
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        # Odoo reads all transactions for that: of each only what it asks for, and all at once.
        lean = statement.with_context(prefetch_fields=False)
        lean.line_ids.fetch(["move_id", "internal_index", "amount", "journal_id"])
        lean.line_ids.move_id.fetch(["state"])
        if not is_new:
            lean._own_write().write(values)
        for name, field in lean._fields.items():
            if field.store and field.compute and name not in values and name not in known:
                lean.env.add_to_compute(field, lean)
        lean.env.flush_all()
        self.env.invalidate_all(flush=False)
