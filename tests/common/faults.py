"""Work that takes long, in a process that is killed, cut off or cancelled at any moment. See test_faults.py.

Each phase has something to prepare and something to do; what is done again goes on from where it was. Each commit that
counts carries a mark, and the log names the marks whose commit was answered: those must be there whatever happened
since. The log stands for the payment provider, too: one line a charge.
"""

import logging
import os
import sys
import traceback
import uuid
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from unittest.mock import patch

import bulk_run
import killed_run
from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.sql_db import Cursor
from process_steps import serve

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "script" / "benchmarks")]

LINES_A_FILE = 160
MATCHES = 40
REMITTANCES = 30
ACCOUNT = "000123456789"
# How a child ends that was given the reason why it can't go on.
REFUSED = 3
BROKE_OFF = 4
# It broke off where no code of the addon was at work: at the commit of a request, or in a statement of this file.
OUTSIDE = 5


def bank(env):
    return env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)


# -- what is prepared ------------------------------------------------------------------------------------------------


def prepare_once(env):
    env.cr.execute("CREATE TABLE committed_mark (mark text)")
    env.cr.execute("CREATE TABLE import_file (name text, content bytea, lines integer)")
    bank(env).set_bank_account(ACCOUNT)


def prepare_reconcile(env):
    with patch.object(bulk_run, "COPIES", 15):
        bulk_run.set_up(env)


def prepare_import(env):
    import statement_files

    env.cr.execute("SELECT COUNT(*) FROM import_file")
    number = env.cr.fetchone()[0] + 1
    content = statement_files.WRITERS["camt"](statement_files.make_statement(LINES_A_FILE, seed=number))
    # The references of the bank are what a second import knows its transactions by.
    content = content.replace(b"<AcctSvcrRef>B", b"<AcctSvcrRef>F%d-" % number)
    env.cr.execute("INSERT INTO import_file VALUES (%s, %s, %s)", [f"file {number}.xml", content, LINES_A_FILE])


def prepare_match(env):
    start = env["res.partner"].search_count([("name", "=like", "Payer %")])
    payers = env["res.partner"].create([{"name": f"Payer {start + number} Quick"} for number in range(MATCHES)])
    invoices = env["account.move"].create([
        {
            "move_type": "out_invoice",
            "partner_id": payer.id,
            "invoice_date": fields.Date.today(),
            "invoice_line_ids": [
                Command.create({"name": name, "price_unit": 20 + number + cents, "tax_ids": []})
                for name, cents in (("swimming", 0.25), ("judo", 0.5))
            ],
        }
        for number, payer in enumerate(payers)
    ])  # fmt: skip
    invoices.action_post()
    env["account.bank.statement.line"].create([
        {
            "journal_id": bank(env).id,
            "date": fields.Date.today(),
            "amount": invoice.amount_total,
            "payment_ref": f"{invoice.name} {invoice.partner_id.name}",
            "partner_name": invoice.partner_id.name,
        }
        for invoice in invoices
    ])  # fmt: skip


def prepare_planned(env):
    killed_run.set_up(env)


def prepare_close(env):
    periods = env["account.bank.reconciliation"]
    last = periods.search([], order="date_to desc", limit=1)
    first = fields.Date.add(last.date_to if last else fields.Date.to_date("2020-01-31"), days=1)
    env["account.payment"].create([
        {"payment_type": "inbound", "partner_type": "customer", "partner_id": env.company.partner_id.id,
         "journal_id": bank(env).id, "amount": 10 + number, "date": first}
        for number in range(REMITTANCES)
    ]).action_post()  # fmt: skip
    period = periods.create({
        "journal_id": bank(env).id, "date_from": first, "date_to": fields.Date.end_of(first, "month"),
    })  # fmt: skip
    period.action_confirm_all()
    period.balance_end = period.balance_start + period.total_reconciled


# -- what is done ----------------------------------------------------------------------------------------------------


def scheduled(function):
    """As a scheduled action: the method commits by itself."""

    def do(registry):
        with registry.cursor() as cr:
            function(api.Environment(cr, SUPERUSER_ID, {}))

    return do


def called(function):
    """As calls of the web client: each committed at its end, as long as there is more to do."""

    def do(registry):
        more = True
        while more:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                more = retrying(partial(function, env), env)

    return do


def do_reconcile_in_dialog(env):
    run = env["account.reconciliation.run"].search([("state", "=", "running")], limit=1)
    return bool(run) and run.process_slice(0)["state"] == "running"


def do_import(env):
    """Begin with the newest file, or go on with it: whoever was cut off chooses the same file again."""
    env.cr.execute("SELECT name, content FROM import_file ORDER BY name DESC, ctid DESC LIMIT 1")
    name, content = env.cr.fetchone()
    wizards = env["account.bank.statement.import"]
    wizard = wizards.search([("create_uid", "=", env.uid), ("attachment_ids.description", "=", str(os.getpid()))])
    if wizard:
        return not wizard.process_slice(0)["is_done"]
    attachment = env["ir.attachment"].create({"name": name, "raw": bytes(content), "description": str(os.getpid())})
    wizard = wizards.create({"journal_id": bank(env).id, "attachment_ids": [Command.set(attachment.ids)]})
    wizard.action_preview()
    return True


def do_close(env):
    env["account.bank.reconciliation"].search([("state", "=", "open")]).action_close()


PREPARE = {
    "once": prepare_once,
    "reconcile all": prepare_reconcile,
    "reconcile in the dialog": prepare_reconcile,
    "import": prepare_import,
    "auto-match": prepare_match,
    "planned payments": prepare_planned,
    "close": prepare_close,
}
DO = {
    "reconcile all": scheduled(lambda env: env["account.reconcile.accounts"].run_batch()),
    "reconcile in the dialog": called(do_reconcile_in_dialog),
    "import": called(do_import),
    "auto-match": scheduled(lambda env: env["account.bank.statement.line"]._cron_auto_match()),
    "planned payments": scheduled(lambda env: env["account.planned.payment"].run_due()),
    "close": called(do_close),
}


# -- how it is watched -------------------------------------------------------------------------------------------------


def say(log_path, text):
    """To the log, and on the disk: it is what outlives the kill."""
    with open(log_path, "a") as log:
        log.write(f"{text}\n")
        log.flush()
        os.fsync(log.fileno())


def watch(patches, registry, log_path):
    """Mark every commit, and log it once it is answered; log every charge; work in small slices."""
    from odoo.addons.account_reconciliation.models.bank_import import account_journal_write
    from odoo.addons.account_reconciliation.models.bank_matching import (
        account_bank_statement_line_auto,
        account_bank_statement_line_book,
    )
    from odoo.addons.account_reconciliation.models.reconcile_accounts import account_reconciliation_run
    from odoo.addons.account_reconciliation.wizards import (
        account_bank_statement_import_batch,
        account_bank_statement_import_write,
    )

    commit = Cursor.commit

    def marked_commit(cr):
        if cr.dbname != registry.db_name:
            return commit(cr)
        mark = uuid.uuid4().hex
        cr.flush()
        cr.execute("INSERT INTO committed_mark VALUES (%s)", [mark])
        result = commit(cr)
        say(log_path, f"committed {mark}")
        return result

    transaction = registry["payment.transaction"]
    send = transaction._send_payment_request

    def send_payment_request(self):
        say(log_path, f"charged {self.reference}")
        return send(self)

    for owner, name, value in (
        (Cursor, "commit", marked_commit),
        (transaction, "_send_payment_request", send_payment_request),
        (account_reconciliation_run, "PARTIALS_AT_ONCE", 40),
        (account_reconciliation_run, "ACCOUNTS_AT_ONCE", 4),
        (account_bank_statement_line_auto, "COMMIT_SLICE", 5),
        (account_bank_statement_line_book, "BOOKING_SLICE", 5),
        (account_journal_write, "SLICE", 20),
        (account_bank_statement_import_write, "SLICE", 20),
        # Two windows in bulk, then two parts by Odoo.
        (account_journal_write, "SLICES_IN_BULK", 3),
        (account_bank_statement_import_batch, "SLICES_IN_BULK", 3),
    ):
        patches.enter_context(patch.object(owner, name, value))


def is_in_addon(error):
    """Whether code of the addon was at work when this was raised."""
    modules = (frame.f_globals["__name__"] for frame, _line in traceback.walk_tb(error.__traceback__))
    return any(name.startswith("odoo.addons.account_reconciliation.") for name in modules)


def an_hour_later(env):
    env.cr.execute("UPDATE payment_transaction SET last_state_change = last_state_change - interval '1 hour'")


def verify(env, log_path):
    """What only the program itself can tell: logs and snapshots are as they were written, PDFs are whole."""
    found = env["account.bank.match.decision"].verify_chains()
    for snapshot in env["account.bank.reconciliation.snapshot"].search([]):
        pdf = snapshot.attachment_id.raw or b""
        if not snapshot.is_intact or not pdf.startswith(b"%PDF") or b"%%EOF" not in pdf[-64:]:
            found.append(f"{snapshot.display_name}: {len(pdf)} bytes")
    found += env["account.move"].search([("reconciliation_status", "=", "error")]).mapped("name")
    for text in found:
        say(log_path, f"broken {text}")


def run(registry, step, _number, log_path):
    what, _colon, phase = step.partition(": ")
    phase = phase.partition(",")[0]
    if what == "do":
        # What breaks off is in our own log.
        logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
        with ExitStack() as patches:
            watch(patches, registry, log_path)
            try:
                DO[phase](registry)
            except UserError as error:
                say(log_path, f"said {error}")
                os._exit(REFUSED)
            except Exception as error:
                say(log_path, "broke off " + traceback.format_exc().replace("\n", "\n  "))
                os._exit(BROKE_OFF if is_in_addon(error) else OUTSIDE)
        return
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if what == "prepare":
            PREPARE[phase](env)
        elif what == "an hour later":
            an_hour_later(env)
        else:
            verify(env, log_path)


if __name__ == "__main__":
    serve(run)
