"""Which open lines of an account may belong together, and why."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import models

from ...engine.bank_matching.subset_sums import subset_sums
from ...engine.ledger_accounts import open_lines_sql, suggestions_sql
from ...engine.ledger_accounts.suggestions import Candidate, rank
from ...engine.reconcile_accounts.matching_groups import group
from ..common import kinds
from ..common.remote_calls import remote_call

SUGGESTIONS_MAX = 100
# How many candidates of each kind are looked at.
CANDIDATES_MAX = 200
# How many of the oldest open lines are looked at: more than a user reconciles before the suggestions are loaded again.
LINES_MAX = 20_000
# By which key each kind of candidate was found.
KEYS = {
    "reference": "reference",
    "order": "order",
    "product_order": "product_order",
    "partner": "partner",
    "reference_sum": "reference",
    "partner_sum": "partner",
}


class AccountLedgerAccount(models.Model):
    _inherit = "account.ledger.account"

    @remote_call(one=True, limit=kinds.whole, filters=kinds.mapping)
    def get_suggestions(self, limit=20, filters=None):
        """Which open lines may belong together, surest first; no line is in two of them.

        Of very many open lines, those are suggested that the oldest belong to.

        :param limit: how many at most
        :param filters: dict ``search``, ``date_from``, ``date_to``, as of :meth:`get_groups`
        :return: list of dicts ``kind``, ``confidence`` (0..1), ``reasons`` (sentences), ``amount``, ``currency_id``,
            ``rule_id`` (of the rule that asks for it, or False), ``lines`` (list of dicts)
        :raise AccessError: without the permission for bank reconciliation
        """
        account = self._account()
        lines = self._filtered(account, filters)
        # Looked up once: each kind of candidate is a statement about them.
        oldest = [line_id for [line_id] in self.env.execute_query(open_lines_sql.oldest_ids(lines, LINES_MAX + 1))]
        found = self._candidates(self._lines_sql(account, open_lines_sql.of_ids(oldest[:LINES_MAX])))
        if len(oldest) > LINES_MAX:
            found = self._confirmed(lines, found)
        if self._condition(filters or {}) is None:
            found += self._of_rules(account)
        found = rank(found, min(limit, SUGGESTIONS_MAX))
        described = {line["id"]: line for line in self._describe([one for each in found for one in each.line_ids])}
        return [
            {
                "kind": one.kind,
                "confidence": one.confidence,
                "reasons": self._reasons(one),
                "amount": float(one.amount),
                "currency_id": one.currency_id,
                "rule_id": one.rule_id,
                "lines": [described[line_id] for line_id in one.line_ids],
            }
            for one in found
        ]

    def _candidates(self, lines):
        """All candidates, ranked later.

        :param lines: the open lines as SQL
        :return: list of Candidate
        """
        found = []
        keys = {name: self._key_sql(name) for name in ("reference", "order", "product_order", "partner")}
        for kind, key in keys.items():
            found += self._found(kind, suggestions_sql.zero_groups(lines, key, CANDIDATES_MAX))
        for kind, key in (("partner_opposite", keys["partner"]), ("opposite", None)):
            found += self._found(kind, suggestions_sql.opposite_pairs(lines, key, CANDIDATES_MAX))
        for kind in ("reference", "partner"):
            found += self._sums(f"{kind}_sum", suggestions_sql.mixed_groups(lines, keys[kind], CANDIDATES_MAX))
        return found

    def _confirmed(self, lines, candidates):
        """The candidates that are still right among all open lines, not only among the oldest.

        :param lines: all open lines as SQL
        """
        kept = []
        for name in set(KEYS.values()):
            mine = [one for one in candidates if KEYS.get(one.kind) == name]
            kept += self._with_all_of_their_key(lines, name, mine) if mine else []
        for kind, key in (("partner_opposite", self._key_sql("partner")), ("opposite", None)):
            mine = [one for one in candidates if one.kind == kind]
            kept += self._with_all_of_their_amount(lines, key, mine) if mine else []
        return kept

    def _with_all_of_their_key(self, lines, name, candidates):
        key = self._key_sql(name)
        of_them = open_lines_sql.has_key(name, key, list({one.key for one in candidates}))
        rows = self.env.execute_query(suggestions_sql.of_keys(lines, key, of_them))
        counts = {(found, currency): count for found, currency, count in rows}
        return [one for one in candidates if counts.get((one.key, one.currency_id)) == one.count]

    def _with_all_of_their_amount(self, lines, key, candidates):
        amounts = list({one.amount for one in candidates})
        rows = self.env.execute_query(suggestions_sql.of_amounts(lines, key, amounts))
        counts = {(found, currency, amount): count for found, currency, amount, count in rows}
        return [one for one in candidates if counts.get((one.key, one.currency_id, one.amount)) == one.count]

    def _of_rules(self, account):
        """What the rules of the account would take of its first open lines, those that only suggest."""
        rules = self.env["account.ledger.rule"].search([
            ("account_id", "=", account.id), ("company_id", "=", self.env.company.root_id.id),
            ("is_automatic", "=", False),
        ])  # fmt: skip
        found = []
        for rule in rules:
            sets = defaultdict(list)
            for line_id, first_id in group(pair[:2] for pair in rule._plan(LINES_MAX).pairs).items():
                sets[first_id].append(line_id)
            small = [sorted(line_ids) for line_ids in sets.values() if len(line_ids) <= suggestions_sql.LINES_MAX]
            chosen = small[:CANDIDATES_MAX]
            everything = self.env["account.move.line"].browse([line_id for line_ids in chosen for line_id in line_ids])
            for line_ids in chosen:
                lines = everything.browse(line_ids).with_prefetch(everything._prefetch_ids)
                partners, days, currency = lines.mapped("partner_id"), lines.mapped("date"), lines.currency_id
                amounts = [currency._exact(line.amount_residual_currency) for line in lines]
                found.append(
                    Candidate(
                        "rule", tuple(line_ids), None, currency.id, (max(days) - min(days)).days,
                        sum(amount for amount in amounts if amount > 0),
                        len(partners) == 1 and all(line.partner_id for line in lines),
                        rule_id=rule.id, extra={"reason": self.env._("The rule “%s” asks for it", rule.name)},
                    )
                )  # fmt: skip
        return found

    def _found(self, kind, statement):
        return [
            Candidate(kind, tuple(ids), key, currency, days, amount, is_one_partner, len(ids))
            for ids, key, currency, days, is_one_partner, amount in self.env.execute_query(statement)
        ]

    def _sums(self, kind, statement):
        """Lines of a group one of which is the sum of others, in one way only."""
        found = []
        for key, currency_id, ids, amounts, dates in self.env.execute_query(statement):
            digits = self.env["res.currency"].browse(currency_id).decimal_places
            amounts = list(map(Decimal, amounts))
            units = [int(amount.scaleb(digits)) for amount in amounts]
            for place, amount in enumerate(units):
                others = [other for other in range(len(units)) if units[other] * amount < 0]
                if len(others) < 2:
                    continue
                sums = subset_sums(abs(amount), [abs(units[other]) for other in others])
                if len(sums.solutions) == 1 and sums.is_complete:
                    chosen = [place, *(others[one] for one in sums.solutions[0])]
                    days = [dates[one] for one in chosen]
                    found.append(
                        Candidate(
                            kind, tuple(ids[one] for one in sorted(chosen)), key, currency_id,
                            (max(days, default=date.min) - min(days, default=date.min)).days, abs(amounts[place]),
                            kind == "partner_sum", len(ids),
                        )
                    )  # fmt: skip
        return found

    def _reasons(self, candidate):
        """Why the lines of a candidate may belong together, as sentences."""
        count, key = len(candidate.line_ids), candidate.key
        if key and candidate.kind.startswith("partner"):
            key = self._group_names(open_lines_sql.PARTNER, [key])[key]
        elif candidate.kind == "product_order":
            key = self._group_names(open_lines_sql.PRODUCT_ORDER, [key])[key]
        amount = self.env["res.currency"].browse(candidate.currency_id).format(float(candidate.amount))
        sentences = {
            "reference": self.env._("The reference %s is on all of them, and they add up to zero", key),
            "order": self.env._("All are of the order %s, and they add up to zero", key),
            "product_order": self.env._("All are of %s, and they add up to zero", key),
            "partner": self.env._("All that is open of %s adds up to zero", key),
            "partner_opposite": self.env._("The only debit and credit of %(amount)s that %(partner)s has open",
                                           amount=amount, partner=key),
            "opposite": self.env._("The only debit and credit of %s that are open on the account", amount),
            "reference_sum": self.env._("%(amount)s is the sum of the others, all with the reference %(reference)s",
                                        amount=amount, reference=key),
            "partner_sum": self.env._("%(amount)s is the sum of the others, all of %(partner)s", amount=amount,
                                      partner=key),
        }  # fmt: skip
        reasons = [sentences.get(candidate.kind) or candidate.extra["reason"]]
        if candidate.is_one_partner and not candidate.kind.startswith("partner"):
            reasons.append(self.env._("They have the same partner"))
        if count > 2 and candidate.kind in ("reference", "order", "product_order", "partner"):
            reasons.append(self.env._("%(count)s lines, %(amount)s on each side", count=count, amount=amount))
        if not candidate.days:
            reasons.append(self.env._("On the same day"))
        else:
            reasons.append(self.env._("Within %s days", candidate.days))
        return reasons
