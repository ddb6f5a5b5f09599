"""Many users at once on one database: eight processes, each a user of their own, all on the same few accounts.

An operation is what the web client does: first the user looks (a call that reads, or opens a dialog), then acts on what
was seen, which may have changed by then. Both are calls as Odoo's RPC makes them: a cursor each, retried by
``odoo.service.model.retrying``. The log gets one JSON line an operation: what it was, and how it ended. See
test_contention.py.
"""

import json
import logging
import random
import time
import traceback
from collections import Counter
from datetime import timedelta
from functools import partial

from contention_acts import ACTS
from killed_run import save_payment_method
from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from process_steps import serve

# What Odoo's own workers do meanwhile, committing by themselves; nobody calls them again at once.
SCHEDULED = {
    "at night: reconcile all": lambda env: env["account.reconcile.accounts"].run_batch(),
    "at night: match": lambda env: env["account.bank.statement.line"]._cron_auto_match(),
    "at night: planned payments": lambda env: env["account.planned.payment"].run_due(),
}
USERS = 8
FAMILIES = 5
INVOICES = 4
TRANSACTIONS = 40


def set_up(env):
    """A few accounts with open documents and money, bank transactions that fit some of them, a bank reconciliation,
    users."""
    env["res.users"].with_context(no_reset_password=True).create([
        {
            "name": f"User {number}",
            "login": f"user{number}",
            "group_ids": [Command.set(env.ref("account_reconciliation.group_owner").ids)],
        }
        for number in range(USERS)
    ])  # fmt: skip
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    bank.set_bank_account("000123456789")
    savings = bank.copy({"name": "Savings", "code": "SAVE"})
    fees = env["account.account"].search([("account_type", "=", "expense")], limit=1)
    env["account.reconcile.model"].create({
        "name": "Bank fees",
        "line_ids": [Command.create({"account_id": fees.id, "amount_type": "percentage", "amount_string": "100"})],
    })  # fmt: skip
    rng = random.Random(1)
    today = fields.Date.today()
    families = env["res.partner"].create([{"name": f"Family {number} Contend"} for number in range(FAMILIES)])
    for family in families:
        save_payment_method(env, bank, family)
    invoices = env["account.move"].create([
        {
            "move_type": "out_invoice",
            "partner_id": family.id,
            "invoice_date": today - timedelta(days=20 - number),
            "invoice_line_ids": [
                Command.create({"name": f"item {place}", "price_unit": rng.randint(1000, 9999) / 100, "tax_ids": []})
                for place in range(3)
            ],
        }
        for number in range(INVOICES)
        for family in families
    ])  # fmt: skip
    invoices.action_post()
    payments = env["account.payment"].create([
        {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": family.id,
            "journal_id": bank.id,
            "amount": rng.randint(2000, 15000) / 100,
            "date": today - timedelta(days=10 - number),
        }
        for number in range(INVOICES)
        for family in families
    ])  # fmt: skip
    payments.action_post()
    lines = []
    for number in range(TRANSACTIONS):
        invoice = invoices[number % len(invoices)]
        whole = number % 4
        lines.append({
            "journal_id": (savings if number % 5 == 4 else bank).id,
            "date": today - timedelta(days=number % 9),
            "amount": invoice.amount_total if whole else rng.randint(-9000, 9000) / 100,
            "payment_ref": f"{invoice.name} {invoice.partner_id.name}" if whole else f"CARD {number}",
        })  # fmt: skip
    env["account.bank.statement.line"].create(lines)
    env["account.bank.reconciliation"].create({
        "journal_id": bank.id,
        "date_from": today - timedelta(days=30),
        "date_to": today + timedelta(days=30),
    })  # fmt: skip


class Retries(logging.Handler):
    """Counts what Odoo's own loop tells of the calls that it makes again."""

    def __init__(self):
        super().__init__()
        self.counts = Counter()

    def emit(self, record):
        if "try again" in record.msg:
            self.counts[str(record.args[0])] += 1


def call(registry, uid, function):
    """Call as Odoo's RPC does: a cursor of its own, tried again where somebody else was first.

    :param function: called with the environment
    """
    registry.check_signaling()
    with registry.cursor() as cr:
        env = api.Environment(cr, uid, {"lang": "en_US", "tz": "UTC"})
        env.transaction.default_env = env
        return retrying(partial(function, env), env)


def operate(registry, uid, kind, tag, rng):
    """Look, then act; a scheduled action acts by itself.

    :return: how it ended: ``nothing`` (there was nothing of this kind to do), ``done``, ``refused`` (a sentence),
        ``gave up`` (somebody else was first each time that Odoo tried) or ``broken``, and what was said
    """
    try:
        if kind in SCHEDULED:
            with registry.cursor() as cr:
                SCHEDULED[kind](api.Environment(cr, SUPERUSER_ID, {}))
            return "done", ""
        act = call(registry, uid, lambda env: ACTS[kind](env, rng, tag))
        if act is None:
            return "nothing", ""
        model, ids, method, args = act
        answer = call(registry, uid, lambda env: getattr(env[model].browse(ids), method)(*args))
        if isinstance(answer, dict) and answer.get("state") == "stale":
            return "refused", answer["message"]
    except UserError as error:
        return "refused", str(error)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
        return "gave up", type(error).__name__
    except Exception:
        return "broken", traceback.format_exc()
    return "done", ""


def work(registry, seconds, number, log_path):
    retries = Retries()
    logger = logging.getLogger("odoo.service.model")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(retries)
    # What is refused by the database is shown to the user; the log has it besides.
    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)
    with registry.cursor() as cr:
        uid = api.Environment(cr, SUPERUSER_ID, {})["res.users"].search([("login", "=", f"user{number}")]).id
    seed = time.time_ns() + number
    rng = random.Random(seed)
    weights = {kind: function.weight for kind, function in ACTS.items()} | dict.fromkeys(SCHEDULED, 1)
    until = time.monotonic() + seconds
    count = 0
    with open(log_path, "a", buffering=1) as log:
        while time.monotonic() < until:
            kind = rng.choices(list(weights), weights.values())[0]
            count += 1
            tag = f"op {number}-{count}-"
            retries.counts.clear()
            outcome, said = operate(registry, uid, kind, tag, rng)
            if outcome != "nothing":
                entry = {"kind": kind, "outcome": outcome, "said": said, "tag": tag, "retries": retries.counts}
                log.write(json.dumps(entry) + "\n")


def settle(registry):
    """When all have gone home: reconcile everything, as the scheduled action does at night."""
    with registry.cursor() as cr:
        SCHEDULED["at night: reconcile all"](api.Environment(cr, SUPERUSER_ID, {}))


def verify(registry, log_path):
    """What only the program itself can tell: the decision log, the statuses."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        found = env["account.bank.match.decision"].verify_chains()
        found += env["account.move"].search([("reconciliation_status", "=", "error")]).mapped("name")
        with open(log_path, "a") as log:
            log.write(json.dumps({"kind": "verify", "outcome": "found", "said": found, "retries": {}}) + "\n")


def run(registry, step, number, log_path):
    if step.startswith("set up"):
        with registry.cursor() as cr:
            set_up(api.Environment(cr, SUPERUSER_ID, {}))
    elif step.startswith("work"):
        work(registry, float(step.split()[1]), number, log_path)
    elif step.startswith("settle"):
        settle(registry)
    else:
        verify(registry, log_path)


if __name__ == "__main__":
    serve(run)
