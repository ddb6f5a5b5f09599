"""What importing bank lines costs beside Odoo's own ``create`` of the same lines. Run inside ``odoo shell``.

Each call of :func:`measure` is meant for a process and a copy of the database of its own: peak memory is the process's,
and no run finds what another one left.
"""

import resource
import sys
import time

import statement_files
import written_rows
from odoo.addons.account_reconciliation.models.bank_import.account_journal_write import SLICE, has_doubled
from odoo.tools import split_every


def _journal(env):
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    journal.bank_account_id = env["res.partner.bank"].create({
        "acc_number": statement_files.ACCOUNT, "partner_id": env.company.partner_id.id,
    })  # fmt: skip
    assert journal._statement_currency().name == "USD", "The bench writes dollars"
    return journal


def create(env, statement):
    """Odoo's ``create`` of the lines, with the fields that it has itself, in the committed slices of the import.

    With the database's statistics as fresh as the import keeps them, as a server's autovacuum would.
    """
    journal = _journal(env)

    def work():
        for place, some in enumerate(split_every(SLICE, statement.lines, list)):
            env["account.bank.statement.line"].create([
                {
                    "journal_id": journal.id,
                    "date": line.date,
                    "amount": float(line.amount),
                    "payment_ref": line.label,
                    "ref": line.reference,
                    "partner_name": line.counterparty_name,
                    "account_number": line.counterparty_account,
                    "transaction_type": line.transaction_code,
                }
                for line in some
            ])  # fmt: skip
            env.flush_all()
            env.invalidate_all(flush=False)
            if has_doubled(place * SLICE, len(some)):
                env.cr.execute("ANALYZE account_move, account_bank_statement_line")
            env.cr.commit()

    return work


def import_file(env, statement):
    """The whole of ``import_bank_statement``: reading, planning, lines, statement; one transaction."""
    journal = _journal(env)
    content = statement_files.WRITERS["ofx"](statement)

    def work():
        journal.import_bank_statement("bench", content)
        env.flush_all()
        env.cr.commit()

    return work


def dialog(env, statement):
    """The dialog's slices, each committed, as the browser calls them."""
    journal = _journal(env)
    content = statement_files.WRITERS["ofx"](statement)
    attachment = env["ir.attachment"].create({"name": "bench", "raw": content})
    wizard = env["account.bank.statement.import"].create({
        "journal_id": journal.id, "attachment_ids": attachment.ids,
    })  # fmt: skip
    wizard.action_preview()
    env.cr.commit()

    def work():
        is_done = False
        while not is_done:
            env.invalidate_all()
            is_done = wizard.process_slice()["is_done"]
            env.cr.commit()

    return work


def measure(env, way, number, folder):
    """Write one row: way, lines, seconds, processor seconds of Python in them, ms a line, peak memory in MB.

    :param way: ``create``, ``import`` or ``dialog``; ``floor`` for the rows that the one before left
    :param number: of lines
    :param folder: in which rows are kept for the floor
    """
    tables = written_rows.STATEMENT_TABLES
    if way == "floor":
        _row(way, number, written_rows.write(env, tables, folder), 0.0)
        return
    before = written_rows.last_ids(env, tables)
    work = {"create": create, "import": import_file, "dialog": dialog}[way](
        env, statement_files.make_statement(number)
    )  # fmt: skip
    started, processor = time.perf_counter(), time.process_time()
    work()
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    lines = env["account.bank.statement.line"].search([("company_id", "=", env.company.id)])
    statements = len(lines.statement_id)
    assert (len(lines), statements) == (number, way != "create"), (len(lines), statements)
    _row(way, number, seconds, processor)
    written_rows.keep(env, before, folder)


def _row(way, number, seconds, processor):
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = 1000 * seconds / number
    sys.stdout.write(f"{way} {number} {seconds:.1f} {processor:.1f} {each:.3f} {megabytes:.0f}\n")
