from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.bank_matching import bank_text
from ..common import kinds
from ..common.kinds import is_id
from ..common.remote_calls import remote_call

NAME, ACCOUNT, LABEL, REJECTED = "name", "account", "label", "rejected"


class Fact(NamedTuple):
    """What has been learned about a key or a transaction, and how many days ago it was confirmed and turned down."""

    kind: str
    key: str
    owner_id: int | None
    preset_id: int | None
    statement_line_id: int | None
    confirmations: int
    days_confirmed: int
    rejections: int
    days_rejected: int

    @property
    def records(self):
        """The records of a suggestion that was turned down, as a frozenset of (model, id)."""
        parts = (part.partition(":") for part in self.key.split(","))
        return frozenset((model, int(number)) for model, _colon, number in parts)


class AccountBankMatchMemory(models.Model):
    """What people taught the matching of bank transactions, a fact a row.

    A row says that a payer's name or bank account belongs to an account owner, that a label is a kind of expense, or
    that somebody turned a suggestion down. How much it counts follows from how often and how lately it was confirmed
    and turned down (``engine.bank_matching.scoring.learned_weight``).
    """

    _name = "account.bank.match.memory"
    _description = "What bank matching has learned"
    _order = "date_confirmed desc, id desc"
    _inherit = ["account.reconciliation.guarded"]
    _check_company_auto = True

    kind = fields.Selection(
        [
            (NAME, "Payer's name"),
            (ACCOUNT, "Payer's bank account"),
            (LABEL, "Kind of expense"),
            (REJECTED, "Rejected"),
        ],
        required=True,
        default=NAME,
        index=True,
        help="What is recognized: a payer by name, a payer by bank account number, an expense by the words of its "
        "label, or a suggestion that was turned down.",
    )
    key = fields.Char(
        "As the bank writes it",
        required=True,
        help="Capitals without accents, digits and legal forms; the words of a name in alphabetical order. Whatever "
        "you enter is brought into this form.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Account owner", ondelete="cascade", index="btree_not_null", check_company=True
    )
    model_id = fields.Many2one(
        "account.reconcile.model", "Preset", ondelete="cascade", index="btree_not_null", check_company=True
    )
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", "Bank transaction", ondelete="cascade", index="btree_not_null", readonly=True,
        guarded=True,
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    confirmation_count = fields.Integer("Confirmed", default=1, help="How often a person confirmed it.")
    rejection_count = fields.Integer("Rejected", default=0, help="How often a person turned it down.")
    date_confirmed = fields.Date("Last confirmed on", guarded=True, default=lambda self: self.env.company._today())
    date_rejected = fields.Date("Last turned down on", guarded=True)
    meaning = fields.Char(compute="_compute_meaning", help="What the matching makes of it.")

    _fact = models.UniqueIndex(
        "(company_id, key, kind, COALESCE(partner_id, 0), COALESCE(model_id, 0), COALESCE(statement_line_id, 0))",
        "This has been learned already. Change the row that is there instead of adding another one.",
    )
    _counts_sane = models.Constraint(
        "CHECK (confirmation_count >= 0 AND rejection_count >= 0)",
        "How often something was confirmed can't be negative.",
    )
    _target = models.Constraint(
        "CHECK (CASE kind WHEN 'label' THEN model_id IS NOT NULL AND partner_id IS NULL"
        " WHEN 'rejected' THEN statement_line_id IS NOT NULL ELSE partner_id IS NOT NULL AND model_id IS NULL END)",
        "A name or a bank account needs an account owner, a kind of expense needs a preset. Choose it and save again.",
    )

    @api.depends("kind", "key", "partner_id", "model_id", "statement_line_id")
    def _compute_meaning(self):
        for memory in self:
            if memory.kind == REJECTED:
                memory.meaning = self.env._(
                    "Not suggested again soon: %(what)s for “%(label)s”",
                    what=memory._rejected_names(),
                    label=memory.statement_line_id.payment_ref or "/",
                )
            elif memory.kind == LABEL:
                memory.meaning = self.env._(
                    "“%(key)s” is %(preset)s", key=memory.key, preset=memory.model_id.name or "…"
                )
            else:
                memory.meaning = self.env._(
                    "“%(key)s” is %(owner)s", key=memory.key, owner=memory.partner_id.name or "…"
                )

    def _rejected_names(self):
        """Name the records that were turned down; what was deleted since is left out."""
        names, models_named = [], self.env["account.bank.statement.line"]._matchable_models()
        for part in (self.key or "").split(","):
            model, _colon, number = part.partition(":")
            if model in models_named and number.isdecimal() and is_id(int(number)):
                names += self.env[model].browse(int(number)).exists().mapped("display_name")
        return ", ".join(names) or self.env._("something that was deleted")

    @api.depends("meaning")
    def _compute_display_name(self):
        for memory in self:
            memory.display_name = memory.meaning

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_clean_key(vals, vals.get("kind", NAME)) for vals in vals_list])

    def write(self, vals):
        if "key" not in vals and "kind" not in vals:
            return super().write(vals)
        for memory in self:
            kind = vals.get("kind", memory.kind)
            super(AccountBankMatchMemory, memory).write(self._with_clean_key({"key": memory.key, **vals}, kind))
        return True

    @api.model
    def _with_clean_key(self, vals, kind):
        """Bring what a person typed into the form in which it is looked up."""
        clean_functions = {NAME: bank_text.name_key, ACCOUNT: bank_text.compact, LABEL: bank_text.label_pattern}
        clean = clean_functions.get(kinds.text(self.env, "kind", kind))
        key = kinds.text(self.env, "key", vals.get("key"))
        if clean is None or not key:
            return vals
        return {**vals, "key": clean(key) or key}

    # -- what people teach -------------------------------------------------------------------------------------

    @api.model
    def _learn(self, decided):
        """Remember what a person confirmed; as many queries for one transaction as for a thousand.

        A match teaches whose the payer's name and bank account are where all of its records belong to one account
        owner, and which preset a label means. It takes back that the same was turned down before.

        :param decided: list of (account.bank.statement.line, records as in ``Suggestion``)
        """
        facts = []
        for line, records in decided:
            facts += [(line.company_id.id, *fact) for fact in self._facts(line, records)]
        self._count(facts, "confirmation_count", "date_confirmed")
        taken_back = {(line.id, self._records_key(records)) for line, records in decided}
        self.search(
            [("kind", "=", REJECTED), ("statement_line_id", "in", [line.id for line, _records in decided])]
        ).filtered(lambda row: (row.statement_line_id.id, row.key) in taken_back).unlink()

    @api.model
    def _reject(self, line, records):
        """Remember that a person turned a suggestion down: it is ranked lower for this transaction until that has
        faded, and what had been learned and led to it counts less from now on.

        :param line: account.bank.statement.line
        :param records: tuple of (model, id)
        """
        facts = [(line.company_id.id, *fact) for fact in self._facts(line, records)]
        known = self.search([("company_id", "=", line.company_id.id), ("key", "in", [fact[2] for fact in facts])])
        rows = {(row.kind, row.key, row.partner_id.id or None, row.model_id.id or None) for row in known}
        facts = [fact for fact in facts if fact[1:5] in rows]
        facts.append((line.company_id.id, REJECTED, self._records_key(records), None, None, line.id))
        self._count(facts, "rejection_count", "date_rejected")

    @api.model
    def _records_key(self, records):
        return ",".join(f"{model}:{number}" for model, number in sorted(records))

    @api.model
    def _facts(self, line, records):
        """Say what a match means: list of (kind, key, owner id, preset id, None)."""
        by_model = {}
        for model, number in records:
            by_model.setdefault(model, []).append(number)
        if presets := by_model.get("account.reconcile.model"):
            pattern = bank_text.label_pattern(line.payment_ref or "")
            return [(LABEL, pattern, None, preset, None) for preset in presets] if pattern else []
        # What a name means is no secret to who may match: only ids are read.
        owners = set()
        for model in ("account.move", "account.payment", "account.move.line"):
            found = self.env[model].browse(by_model.get(model, ())).sudo()
            owners.update(found.partner_id.commercial_partner_id.ids)
        owners.discard(line.company_id.sudo().partner_id.id)
        if len(owners) != 1:
            return []
        owner = owners.pop()
        name = bank_text.payer_key(line.partner_name or "", line.payment_ref or "")
        account = bank_text.compact(line.account_number or "")
        return [(kind, key, owner, None, None) for kind, key in ((NAME, name), (ACCOUNT, account)) if key]

    @api.model
    def _count(self, facts, counter, date):
        """Add one to a counter of each fact, and make the facts that are new."""
        if not facts:
            return
        self.flush_model()
        # The same fact twice in one statement is what PostgreSQL refuses: they are counted first.
        times = {}
        for fact in facts:
            times[fact] = times.get(fact, 0) + 1
        today, uid = self.env.company._today(), self.env.uid
        columns = ("confirmation_count", "rejection_count", "date_confirmed", "date_rejected")
        rows = []
        for fact, count in sorted(times.items(), key=lambda row: str(row[0])):
            values = {"confirmation_count": 0, "rejection_count": 0, "date_confirmed": None, "date_rejected": None}
            values.update({counter: count, date: today})
            rows.append(
                SQL(
                    "%s",
                    (*fact, *(values[column] for column in columns), uid, uid, self.env.cr.now(), self.env.cr.now()),
                )
            )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_bank_match_memory AS memory (company_id, kind, key, partner_id, model_id,
                    statement_line_id, confirmation_count, rejection_count, date_confirmed, date_rejected,
                    create_uid, write_uid, create_date, write_date)
                VALUES %(rows)s
                ON CONFLICT (company_id, kind, key, COALESCE(partner_id, 0), COALESCE(model_id, 0),
                             COALESCE(statement_line_id, 0))
                DO UPDATE SET %(counter)s = memory.%(counter)s + EXCLUDED.%(counter)s, %(date)s = EXCLUDED.%(date)s,
                              write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                """,
                rows=SQL(", ").join(rows),
                counter=SQL.identifier(counter),
                date=SQL.identifier(date),
            )
        )
        self.invalidate_model()

    # -- what it says ------------------------------------------------------------------------------------------

    @api.model
    def _recall(self, company_ids, line_ids, keys):
        """Give what has been learned about some keys and transactions, in one query.

        :param company_ids: list of ids
        :param line_ids: list of ids of bank transactions
        :param keys: list of str
        :return: list of :class:`Fact`
        """
        self.flush_model()
        today = self.env.company._today()
        self.env.cr.execute(
            SQL(
                """
                SELECT memory.kind, memory.key, owner.commercial_partner_id, model.id, memory.statement_line_id,
                       memory.confirmation_count, %(today)s - COALESCE(memory.date_confirmed, %(today)s),
                       memory.rejection_count, %(today)s - COALESCE(memory.date_rejected, %(today)s)
                  FROM account_bank_match_memory AS memory
                  LEFT JOIN res_partner AS owner ON owner.id = memory.partner_id
                  LEFT JOIN account_reconcile_model AS model ON model.id = memory.model_id AND model.active
                 WHERE memory.company_id = ANY(%(company_ids)s)
                   AND (memory.key = ANY(%(keys)s) AND memory.kind <> 'rejected'
                        OR memory.statement_line_id = ANY(%(line_ids)s))
                   AND (memory.kind <> 'label' OR model.id IS NOT NULL)
                 ORDER BY memory.id
                """,
                today=today,
                company_ids=list(company_ids),
                keys=list(keys),
                line_ids=list(line_ids),
            )
        )
        return [Fact(*row) for row in self.env.cr.fetchall()]

    @remote_call(one=True)
    def action_open_transaction(self):
        """Open the bank transaction whose suggestion was turned down."""
        return self.statement_line_id._get_records_action(name=self.env._("Bank transaction"))
