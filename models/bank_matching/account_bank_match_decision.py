import hashlib
import json
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..common import kinds
from ..common.actions import RELOAD, notify
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call

GUARD = Path(__file__).parents[2] / "engine" / "bank_matching" / "decision_guard.sql"
# The first key of the advisory locks on chains; the second one is the journal's id.
CHAIN_LOCK = 1635017576
ACTIONS = [
    ("auto", "Auto-matched"),
    ("rule", "Matched by a rule"),
    ("manual", "Matched by a person"),
    ("unmatch", "Match undone"),
    ("ignore", "Ignored"),
    ("unignore", "No longer ignored"),
    ("reject", "Suggestion rejected"),
]


class AccountBankMatchDecision(models.Model):
    """What was decided about a bank transaction, by whom, when and why: a log that only grows.

    Each row's hash covers its payload and the hash of the row before it in the same journal, so that a row that was
    changed, left out or put in beside the program shows (I10).
    """

    _name = "account.bank.match.decision"
    _description = "Decision about a bank transaction"
    _order = "id desc"
    _rec_name = "transaction"
    _log_access = False

    journal_id = fields.Many2one("account.journal", "Bank account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    number = fields.Integer(required=True, readonly=True, aggregator=False, help="Counts the journal's decisions.")
    date = fields.Datetime("When", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    action = fields.Selection(ACTIONS, "Decision", required=True, readonly=True)
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", "Bank transaction", readonly=True, ondelete="set null", index="btree_not_null"
    )
    transaction = fields.Char(readonly=True, help="The bank transaction as it was: date, amount, label.")
    chosen = fields.Char(readonly=True, help="What the transaction was matched with.")
    entity_type = fields.Char(readonly=True)
    probability = fields.Float("Confidence", readonly=True, digits=(5, 4), aggregator="avg")
    reasons = fields.Text("Why", readonly=True)
    rivals = fields.Text("What else was shown", readonly=True)
    batch = fields.Char("Run", readonly=True, index="btree_not_null", help="The same for all that was decided at once.")
    payload = fields.Text(required=True, readonly=True, help="What the hash covers.")
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _number_uniq = models.UniqueIndex("(journal_id, number)", "This journal already has a decision with this number.")

    def init(self):
        self.env.cr.execute(GUARD.read_text())

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: the log only grows.

        :raise UserError: always
        """
        raise UserError(self.env._("The decision log only grows: what was decided can't be changed afterwards."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """The log only grows."""
        raise UserError(self.env._("The decision log only grows: no decision can be deleted from it."))

    @api.model
    def _append(self, rows):
        """Add decisions to the chains of their journals.

        :param rows: dicts of ``line`` (account.bank.statement.line), ``action``, and where they apply ``entity_type``,
            ``records`` (``[(model, id)]``), ``amounts`` (texts), ``probability``, ``reasons`` (texts), ``explanation``,
            ``rivals`` (dicts), ``rule_id``, ``lines`` (dicts, what a person entered), ``batch`` (text)
        """
        names = self._names([named for row in rows for named in row.get("records") or ()])
        now = fields.Datetime.now()
        values = []
        journals = self.env["account.journal"].union(*(row["line"].journal_id for row in rows))
        # Everybody locks the chains in the same order, so that two transactions never wait for each other.
        for journal in journals.sorted("id"):
            mine = [row for row in rows if row["line"].journal_id == journal]
            number, last_hash = self._lock_chain(journal)
            for row in mine:
                number += 1
                one = self._decision_values(row, names, number, now)
                one |= {"previous_hash": last_hash, "hash": _digest(last_hash, one["payload"])}
                last_hash = one["hash"]
                values.append(one)
            # A row for each end, not one that is updated: a transaction that began before could not update it.
            self.env.cr.execute(
                SQL(
                    "INSERT INTO account_bank_match_chain (journal_id, number, last_hash) VALUES (%s, %s, %s)",
                    journal.id,
                    number,
                    last_hash,
                )
            )
        # The log is written by this method alone; the callers have checked the permission.
        self.sudo().create(values)

    def _lock_chain(self, journal):
        """Wait until nobody else is adding to a journal's chain, keep it until the commit, and find its end.

        A transaction sees the database as it was when it began, so not what others added since, for which it has just
        waited. A second cursor, begun while the chain is ours, sees that; and only the first sees what was added here.
        While modules are installed or updated, nobody else works, and the table may still be this transaction's own.
        The end is the stored one, not the last decision's: decisions that were cut off leave a gap that shows.

        :return: (last number before, last hash)
        """
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", CHAIN_LOCK, journal.id))
        last = SQL(
            "SELECT number, COALESCE(last_hash, '') FROM account_bank_match_chain WHERE journal_id = %s"
            " ORDER BY number DESC LIMIT 1",
            journal.id,
        )
        ends = self.env.execute_query(last)
        if self.env.registry.ready:
            with self.env.registry.cursor() as cr:
                cr.execute(last)
                ends += cr.fetchall()
        return max(ends, default=(0, ""))

    def _names(self, named):
        """Display names of what was matched, one read a model."""
        found = {}
        for model in {model for model, _id in named}:
            ids = list({record_id for of_model, record_id in named if of_model == model})
            # A name in the log is what the deciding user saw, or what the scheduled action matched.
            for record in self.env[model].sudo().browse(ids):
                found[model, record.id] = record.display_name
        return found

    def _decision_values(self, row, names, number, now):
        line = row["line"]
        records = [(model, record_id, names[model, record_id]) for model, record_id in row.get("records") or ()]
        amount = line.currency_id.format(line.amount)
        values = {
            "journal_id": line.journal_id.id,
            "company_id": line.company_id.id,
            "number": number,
            "date": now,
            "user_id": self.env.uid,
            "action": row["action"],
            "statement_line_id": line.id,
            "transaction": f"{line.date} {amount} {line.payment_ref or ''}".strip(),
            "chosen": ", ".join(name for _model, _id, name in records) or False,
            "entity_type": row.get("entity_type") or False,
            "probability": row.get("probability") or 0.0,
            "reasons": "\n".join(row.get("reasons") or ()) or row.get("explanation") or False,
            "rivals": "\n".join(rival["text"] for rival in row.get("rivals") or ()) or False,
        }
        if row.get("batch"):
            values["batch"] = row["batch"]
        payload = {
            **values,
            "date": now.isoformat(),
            "records": records,
            "amounts": row.get("amounts") or [],
            "rivals": row.get("rivals") or [],
            "rule_id": row.get("rule_id") or False,
        }
        if row.get("lines"):
            payload["lines"] = row["lines"]
        return {**values, "payload": json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))}

    @remote_call(one=True)
    def action_undo_batch(self):
        """Undo all matches that were made together with this one and are still the same.

        :return: an action that says how many
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where this was decided alone, or something that was paid is locked; nothing is changed
        """
        result = self.env["account.bank.statement.line"].undo_batch(self.batch or "")
        message = self.env._("%(count)s matches of this run are undone.", count=result["undone"])
        if result["left"]:
            message += " " + self.env._("%s were changed since and stay as they are.", result["left"])
        return notify(message, then=RELOAD)

    @api.model
    @remote_call(journals=kinds.records("account.journal"))
    def verify_chains(self, journals=None):
        """Check the hash chain of each bank journal.

        :param journals: account.journal records, or None for all of the user's companies
        :return: list of sentences, one a break; empty where all is well
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        # Those that are archived keep their log.
        every = self.env["account.journal"].with_context(active_test=False)
        journals = journals or every.search([("company_id", "in", self.env.companies.ids)])
        self.flush_model()
        broken = []
        for journal in journals:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT number, payload, previous_hash, hash, action, user_id, statement_line_id
                      FROM account_bank_match_decision WHERE journal_id = %s ORDER BY number
                    """,
                    journal.id,
                )
            )
            head = self.env.execute_query(
                SQL(
                    """
                    SELECT number, last_hash FROM account_bank_match_chain WHERE journal_id = %s
                     ORDER BY number DESC LIMIT 1
                    """,
                    journal.id,
                )
            )
            found = _first_break(rows, head[0] if head else (0, ""))
            if found:
                broken.append(
                    self.env._(
                        "The decision log of %(journal)s breaks at number %(number)s: a row was changed, left out or "
                        "put in beside the program.",
                        journal=journal.display_name,
                        number=found,
                    )
                )
        return broken

    @remote_call()
    def action_verify_chains(self):
        """Check the chains and tell the user."""
        broken = self.verify_chains()
        message = "\n".join(broken) or self.env._("Every decision is as it was written.")
        return notify(message, "danger" if broken else "success", is_sticky=bool(broken))


def _digest(previous_hash, payload):
    return hashlib.sha256(f"{previous_hash or ''}\n{payload}".encode()).hexdigest()


def _first_break(rows, head):
    """The number of the first row that doesn't follow from the one before it, 0 where all do.

    :param rows: list of (number, payload, previous hash, hash, action, user id, transaction id or None)
    :param head: (number, hash) of the last row as it was written
    """
    expected, last_hash = 0, ""
    for number, payload, previous_hash, own_hash, action, user_id, line_id in rows:
        expected += 1
        if number != expected or (previous_hash or "") != last_hash or own_hash != _digest(last_hash, payload):
            return expected
        logged = json.loads(payload)
        if (logged["number"], logged["action"], logged["user_id"]) != (number, action, user_id) or (
            line_id and line_id != logged["statement_line_id"]
        ):
            return expected
        last_hash = own_hash
    return 0 if (expected, last_hash) == (head[0], head[1] or "") else expected + 1
