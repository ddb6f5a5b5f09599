from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.bank_matching import bank_text
from ..common import kinds
from ..common.kinds import is_id
from ..common.remote_calls import remote_call

NAME, ACCOUNT, MANDATE, LABEL, REJECTED = "name", "account", "mandate", "label", "rejected"


class Fact(NamedTuple):
    """What has been learned about a key or a transaction, and how many days ago it was confirmed and rejected.

    ``weight`` is what the confirmations were worth together on the day of the last one.
    """

    kind: str
    key: str
    owner_id: int | None
    preset_id: int | None
    statement_line_id: int | None
    confirmations: int
    weight: float
    days_confirmed: int
    rejections: int
    days_rejected: int

    @property
    def records(self):
        """The records of a suggestion that was rejected, as a frozenset of (model, id)."""
        parts = (part.partition(":") for part in self.key.split(","))
        return frozenset((model, int(number)) for model, _colon, number in parts)


class AccountBankMatchMemory(models.Model):
    """What people taught the matching of bank transactions, a fact a row.

    A row says that a payer's name or bank account belongs to an account owner, that a label means a preset, or
    that somebody rejected a suggestion. How much it counts follows from how often and how lately it was confirmed
    and rejected (``engine.bank_matching.scoring.learned_weight``).
    """

    _name = "account.bank.match.memory"
    _description = "What bank matching has learned"
    _order = "date_confirmed desc, id desc"
    _inherit = ["reconciliation.guarded.mixin"]
    _check_company_auto = True

    kind = fields.Selection(
        [
            (NAME, "Payer's name"),
            (ACCOUNT, "Payer's bank account"),
            (MANDATE, "Direct debit mandate"),
            (LABEL, "Label"),
            (REJECTED, "Rejected"),
        ],
        required=True,
        default=NAME,
        index=True,
        help="What is recognized: a payer by name, by bank account number or by direct debit mandate, an expense by "
        "the words of its label, or a suggestion that was rejected.",
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
    weight = fields.Float(
        compute="_compute_weight",
        store=True,
        guarded=True,
        digits=(12, 2),
        help="What the confirmations are worth: one of a single transaction 1, one among many accepted at once a "
        "quarter, and half of it a year later.",
    )
    rejection_count = fields.Integer("Rejected", default=0, help="How often a person rejected it.")
    date_confirmed = fields.Date("Last confirmed on", guarded=True, default=lambda self: self.env.company._today())
    date_rejected = fields.Date("Last rejected on", guarded=True)
    meaning = fields.Char(compute="_compute_meaning", help="What is concluded from it.")

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
        "A name or a bank account needs an account owner, a label needs a preset. Choose it and save again.",
    )

    @api.depends("confirmation_count")
    def _compute_weight(self):
        """A count that a person enters is worth as much; what matching teaches adds to it by SQL."""
        for memory in self:
            memory.weight = memory.confirmation_count

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
        """Name the records that were rejected; what was deleted since is left out."""
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
        clean_functions = {
            NAME: bank_text.name_key,
            ACCOUNT: bank_text.compact,
            MANDATE: bank_text.compact,
            LABEL: bank_text.label_pattern,
        }
        clean = clean_functions.get(kinds.text(self.env, "kind", kind))
        key = kinds.text(self.env, "key", vals.get("key"))
        if clean is None or not key:
            return vals
        return {**vals, "key": clean(key) or key}

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
                       memory.confirmation_count, COALESCE(memory.weight, 0),
                       %(today)s - COALESCE(memory.date_confirmed, %(today)s),
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
        """Open the bank transaction whose suggestion was rejected."""
        return self.statement_line_id._get_records_action(name=self.env._("Bank transaction"))
