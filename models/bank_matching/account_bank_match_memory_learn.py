"""What people teach: counted by SQL, as many statements for one transaction as for a thousand."""

import logging
from functools import partial

import psycopg2
from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...engine.bank_matching import bank_text
from ...engine.bank_matching import payers_sql as sql
from ...engine.bank_matching.scoring import CONFIRMATION_HALF_LIFE
from ..common.retry import retry_on_conflict
from .account_bank_match_memory import ACCOUNT, LABEL, MANDATE, NAME, REJECTED

_logger = logging.getLogger(__name__)

# The weight of a confirmation that one click gave together with others, and of a term that doesn't name the owner.
MANY_WEIGHT = HINT_WEIGHT = 0.25
# A term that several owners share is kept for the one that has this share of its confirmations.
OWN_SHARE = 0.8


class AccountBankMatchMemory(models.Model):
    _inherit = "account.bank.match.memory"

    @api.model
    def _learn(self, decided):
        """Remember what a person confirmed; as many queries for one transaction as for a thousand.

        A match teaches whose the payer's name, bank account and mandate are where all of its records belong to one
        account owner, and which preset a label means; of many confirmed at once each counts less than a single one. It
        undoes an earlier rejection of the same.

        :param decided: list of (account.bank.statement.line, records as in ``Suggestion``)
        """
        facts, most = [], MANY_WEIGHT if len(decided) > 1 else 1.0
        for line, records in decided:
            facts += [((line.company_id.id, *fact), min(weight, most)) for fact, weight in self._facts(line, records)]
        self._count(facts, "confirmation_count", "date_confirmed")
        taken_back = {(line.id, self._records_key(records)) for line, records in decided}
        self.search(
            [("kind", "=", REJECTED), ("statement_line_id", "in", [line.id for line, _records in decided])]
        ).filtered(lambda row: (row.statement_line_id.id, row.key) in taken_back).unlink()

    @api.model
    def _reject(self, line, records):
        """Remember that a person rejected a suggestion: it is ranked lower for this transaction until that has
        faded, and what had been learned and led to it counts less from now on.

        :param line: account.bank.statement.line
        :param records: tuple of (model, id)
        """
        facts = [(line.company_id.id, *fact) for fact, _weight in self._facts(line, records)]
        known = self.search([("company_id", "=", line.company_id.id), ("key", "in", [fact[2] for fact in facts])])
        rows = {(row.kind, row.key, row.partner_id.id or None, row.model_id.id or None) for row in known}
        facts = [fact for fact in facts if fact[1:5] in rows]
        facts.append((line.company_id.id, REJECTED, self._records_key(records), None, None, line.id))
        self._count([(fact, 0.0) for fact in facts], "rejection_count", "date_rejected")

    @api.model
    def _records_key(self, records):
        return ",".join(f"{model}:{number}" for model, number in sorted(records))

    @api.model
    def _facts(self, line, records):
        """Say what a match means: list of ((kind, key, owner id, preset id, None), what its confirmation is worth)."""
        by_model = {}
        for model, number in records:
            by_model.setdefault(model, []).append(number)
        if presets := by_model.get("account.reconcile.model"):
            pattern = bank_text.label_pattern(line.payment_ref or "")
            is_telling = bank_text.is_telling_label(pattern)
            return [((LABEL, pattern, None, preset, None), 1.0) for preset in presets] if is_telling else []
        # A user who may match may know what a name means: only ids are read.
        partners = self.env["res.partner"].sudo()
        for model in ("account.move", "account.payment", "account.move.line"):
            found = self.env[model].browse(by_model.get(model, ())).sudo()
            partners |= found.partner_id
        owner = partners.commercial_partner_id - line.company_id.sudo().partner_id
        if len(owner) != 1:
            return []
        name = bank_text.payer_key(line.partner_name or "", line.payment_ref or "")
        worth = 1.0
        if not line.partner_name:
            # A label's own words name somebody only where they are part of the owner's name, or of who the document is
            # made out to: "JUDO MARCH" is what everybody writes.
            named = {word for partner in (owner | partners) for word in bank_text.name_words(partner.name or "")}
            worth = HINT_WEIGHT if named.isdisjoint(name.split()) else 1.0
        keys = (
            (NAME, name if bank_text.is_telling_name(name) else "", worth),
            (ACCOUNT, bank_text.compact(line.account_number or ""), 1.0),
            (MANDATE, bank_text.compact(line.mandate_id or ""), 1.0),
        )
        return [((kind, key, owner.id, None, None), weight) for kind, key, weight in keys if key]

    @api.model
    def _count(self, facts, counter, date):
        """Add one to a counter of each fact, and make the facts that are new.

        :param facts: list of (fact, what its confirmation is worth)
        """
        if not facts:
            return
        self.flush_model()
        # PostgreSQL refuses the same fact twice in one statement: they are counted first.
        times, weights = {}, {}
        for fact, weight in facts:
            times[fact] = times.get(fact, 0) + 1
            weights[fact] = weights.get(fact, 0.0) + weight
        today, uid = self.env.company._today(), self.env.uid
        columns = ("confirmation_count", "rejection_count", "date_confirmed", "date_rejected")
        rows = []
        for fact, count in sorted(times.items(), key=lambda row: str(row[0])):
            values = {"confirmation_count": 0, "rejection_count": 0, "date_confirmed": None, "date_rejected": None}
            values.update({counter: count, date: today})
            rows.append(
                SQL(
                    "%s",
                    (
                        *fact,
                        *(values[column] for column in columns),
                        weights[fact],
                        uid,
                        uid,
                        self.env.cr.now(),
                        self.env.cr.now(),
                    ),
                )
            )
        statement = SQL(
            """
            INSERT INTO account_bank_match_memory AS memory (company_id, kind, key, partner_id, model_id,
                statement_line_id, confirmation_count, rejection_count, date_confirmed, date_rejected, weight,
                create_uid, write_uid, create_date, write_date)
            VALUES %(rows)s
            ON CONFLICT (company_id, kind, key, COALESCE(partner_id, 0), COALESCE(model_id, 0),
                         COALESCE(statement_line_id, 0))
            DO UPDATE SET %(counter)s = memory.%(counter)s + EXCLUDED.%(counter)s,
                          weight = CASE WHEN EXCLUDED.confirmation_count = 0 THEN memory.weight
                                   ELSE EXCLUDED.weight + COALESCE(memory.weight, 0) * POWER(0.5,
                                        GREATEST(EXCLUDED.date_confirmed - COALESCE(memory.date_confirmed,
                                                 EXCLUDED.date_confirmed), 0)::float / %(half_life)s) END,
                          %(date)s = EXCLUDED.%(date)s,
                          write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
            """,
            rows=SQL(", ").join(rows),
            counter=SQL.identifier(counter),
            date=SQL.identifier(date),
            half_life=CONFIRMATION_HALF_LIFE,
        )
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False):
                cr.execute(statement, log_exceptions=False)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # A concurrent transaction has just learned the same. The match must not be repeated because of that: once
            # it is committed, the facts are counted in a transaction of their own.
            cr.postcommit.add(partial(_count_later, self.env.registry, statement))
        self.invalidate_model()

    @api.model
    def _forget_misleading(self):
        """Forget what earlier versions learned wrongly: words that are no names, terms that several owners share, and
        single words that aren't the owner's own alone, first names above all.

        :return: list of str, what was forgotten, in words
        """
        rows = self.search([("kind", "in", (NAME, LABEL))])
        wrong = rows.filtered(
            lambda row: (
                not bank_text.is_telling_name(row.key) if row.kind == NAME else not bank_text.is_telling_label(row.key)
            )
        )
        for (_company, _key), shared in (rows - wrong).filtered("partner_id").grouped(
            lambda row: (row.company_id, row.key)
        ).items():  # fmt: skip
            if len(shared) > 1:
                total = sum(shared.mapped("weight"))
                wrong |= shared.filtered(lambda row, total=total: row.weight < OWN_SHARE * total or row.weight < 2)
        single = (rows - wrong).filtered(lambda row: row.kind == NAME and " " not in row.key)
        wrong |= single.filtered(lambda row: not row._is_own_word())
        forgotten = wrong.mapped("meaning")
        wrong.unlink()
        return forgotten

    def _is_own_word(self):
        """Whether this single word is part of the account owner's own name, and of no other owner's."""
        self.ensure_one()
        owner = self.partner_id.commercial_partner_id
        if self.key not in bank_text.name_words(owner.name or ""):
            return False
        self.env["res.partner"].flush_model()
        self.env.cr.execute(sql.by_words([bank_text.words_search(self.key)], [self.company_id.id]))
        return {row[1] for row in self.env.cr.fetchall()} <= {owner.id}


def _count_later(registry, statement):
    """Count facts in a transaction of their own: the match that taught them is committed, and stays in any case."""
    try:
        with registry.cursor() as cr:
            retry_on_conflict(cr, partial(cr.execute, statement))
    except psycopg2.Error:
        _logger.warning("What a match taught was not counted.", exc_info=True)
