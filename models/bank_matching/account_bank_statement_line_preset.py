"""“Always do this”: a preset from the booking that a person has just made, with what it would have caught before."""

import json
import math

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.bank_matching.label_words import separating_phrase
from ..common import kinds
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from .account_bank_statement_line import MATCHED_STATUSES

# How many of the latest transactions of the bank account are looked at.
PAST_MAX = 3000
EXAMPLES_MAX = 5
# How far the range of amounts extends below and above the amount of the transaction.
RANGE = 0.1
NAME_MAX = 60
CONDITIONS = ("name", "label", "has_partner", "has_direction", "amount_min", "amount_max", "is_automatic")


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @remote_call(one=True)
    def propose_preset(self):
        """Propose a preset that books transactions as this one was booked.

        The words of the label are those that the transactions booked alike share and that no other one has.

        :return: dict ``name``, ``label``, ``partner`` (name), ``has_partner``, ``has_direction``, ``amount_min``,
            ``amount_max`` (both 0 where the amount is no condition), ``near_min``, ``near_max`` (a range around the
            amount), ``is_money_in``, ``lines`` (of the booking, as text), and what ``count_preset`` returns
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the booking can't be repeated by a preset
        """
        require(self.env, BANK)
        lines = self._repeatable_lines()
        past = self._past_lines()
        alike = self._booked_alike(past, lines)
        # Unmatched transactions may be of the same kind: only those that were booked otherwise exclude a word.
        others = (past - alike).filtered(lambda line: line.match_status in MATCHED_STATUSES)
        texts = (self.partner_name or "", self.payment_ref or "")
        label = next(
            filter(
                None,
                (
                    separating_phrase(text, self._label_lines(alike), self._label_lines(others))
                    for text in texts
                    if text
                ),
            ),
            "",
        )
        amount = abs(self.amount)
        values = {
            "name": (label or self.partner_id.name or self.payment_ref or "")[:NAME_MAX].strip().capitalize(),
            "label": label,
            "has_partner": bool(self.partner_id and not label),
            "has_direction": True,
            "amount_min": 0.0,
            "amount_max": 0.0,
            "is_automatic": False,
        }
        accounts = self.env["account.account"].browse(line["account_id"] for line in lines)
        return {
            **values,
            "partner": self.partner_id.display_name or "",
            "near_min": float(math.floor(amount * (1 - RANGE))),
            "near_max": float(math.ceil(amount * (1 + RANGE))),
            "is_money_in": self.amount > 0,
            "lines": accounts.mapped("display_name"),
            **self._count_caught(values, lines),
        }

    @remote_call(one=True, conditions=kinds.mapping)
    def count_preset(self, conditions):
        """Count the past transactions that a preset with these conditions would have caught.

        :param conditions: dict of ``label``, ``has_partner``, ``has_direction``, ``amount_min``, ``amount_max``
        :return: dict ``caught`` (of the bank account's latest transactions), ``booked_alike``, ``unmatched``,
            ``booked_otherwise``, ``examples`` (their labels, those booked otherwise first), ``looked_at``
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        return self._count_caught(self._preset_conditions(conditions), self._repeatable_lines())

    @remote_call(one=True, conditions=kinds.mapping)
    def create_preset(self, conditions):
        """Create the preset that books transactions as this one was booked.

        :param conditions: as ``count_preset``, and ``name``, ``is_automatic`` (match by it without being asked)
        :return: dict ``id``, ``name``
        :raise AccessError: without the permission for bank reconciliation, or to create presets
        :raise UserError: without a name, or where it would match any transaction
        """
        require(self.env, BANK)
        conditions = self._preset_conditions(conditions)
        if not conditions["name"]:
            raise UserError(self.env._("Give the preset a name."))
        if not conditions["label"] and not conditions["has_partner"]:
            raise UserError(
                self.env._(
                    "Without words of the label and without a partner it would match any transaction. Enter the words "
                    "that all such transactions have."
                )
            )
        values = self._preset_values(conditions, self._repeatable_lines())
        preset = self.env["account.reconcile.model"].create({
            **values,
            "name": conditions["name"],
            "company_id": self.company_id.id,
            "trigger": "auto_reconcile" if conditions["is_automatic"] else "manual",
        })  # fmt: skip
        return {"id": preset.id, "name": preset.display_name}

    def _preset_conditions(self, conditions):
        """The conditions that a remote call gives, each of its kind."""
        unknown = conditions.keys() - set(CONDITIONS)
        if unknown:
            kinds.refuse(self.env, "conditions", sorted(unknown), self.env._("among %s", ", ".join(CONDITIONS)))
        text = {name: kinds.text(self.env, name, conditions.get(name)).strip() for name in ("name", "label")}
        flags = {
            name: kinds.flag(self.env, name, conditions.get(name))
            for name in ("has_partner", "has_direction", "is_automatic")
        }
        amounts = {
            name: abs(kinds.amount(self.env, name, conditions.get(name)) or 0.0)
            for name in ("amount_min", "amount_max")
        }
        return text | flags | amounts

    def _preset_values(self, conditions, lines):
        """Values of an account.reconcile.model with these conditions that books such lines."""
        values = {
            "match_direction": ("in" if self.amount > 0 else "out") if conditions["has_direction"] else False,
            "match_partner_ids": [Command.set(self.partner_id.ids if conditions["has_partner"] else [])],
            "match_label": "contains" if conditions["label"] else False,
            "match_label_param": conditions["label"] or False,
            "line_ids": [Command.create(one) for one in self._preset_line_values(lines)],
        }
        if conditions["amount_max"]:
            values |= {
                "match_amount": "between",
                "match_amount_min": conditions["amount_min"],
                "match_amount_max": conditions["amount_max"],
            }
        return values

    def _preset_line_values(self, lines):
        """The counterpart lines: shares of the transaction, the last one of what is left."""
        total = abs(self.amount)
        values = []
        for number, line in enumerate(lines):
            is_last = number == len(lines) - 1
            share = 100.0 if is_last else round(100 * line["amount"] / total, 6)
            values.append({
                "account_id": line["account_id"],
                "partner_id": line.get("partner_id") or False,
                "tax_ids": [Command.set(line.get("tax_ids") or [])],
                "analytic_distribution": line.get("analytic_distribution") or False,
                "label": line.get("label") or False,
                "amount_type": "percentage" if is_last else "percentage_st_line",
                "amount_string": str(share),
            })  # fmt: skip
        return values

    def _repeatable_lines(self):
        """The lines that this transaction was booked by, where all of them are accounts.

        :return: list of dicts, each with its amount
        """
        self.check_access("read")
        lines = self._booked_lines()
        if not lines:
            raise UserError(
                self.env._(
                    "“%s” is not booked to accounts alone, so no preset can repeat it. A preset is for bank "
                    "transactions without a document.",
                    self.display_name,
                )
            )
        taken = sum(line.get("amount", 0.0) for line in lines)
        rest = self.currency_id.round(abs(self.amount) - taken)
        return [{"amount": rest, **line} for line in lines]

    def _booked_lines(self):
        """The lines of accounts that a person booked this transaction by; none where there was anything else.

        :return: list of dicts as ``book_lines`` took them
        """
        decision = self.decision_ids[:1]
        if not self.is_reconciled or decision.action != "manual":
            return []
        lines = json.loads(decision.payload).get("lines", [])
        return lines if all(line["kind"] == "account" for line in lines) else []

    # -- what it would have caught -----------------------------------------------------------------------------

    def _past_lines(self):
        """The latest other transactions of the bank account."""
        lines = self.search(
            [("journal_id", "=", self.journal_id.id), ("state", "=", "posted"), ("id", "!=", self.id)], limit=PAST_MAX
        )
        lines.fetch(
            ["payment_ref", "ref", "partner_name", "partner_id", "amount", "match_status", "transaction_details"]
        )
        return lines

    def _label_lines(self, lines):
        return [" ".join(filter(None, (line.partner_name, line.payment_ref, line.ref))) for line in lines]

    def _booked_alike(self, past, lines):
        """Those of these transactions that were booked to the accounts of these lines; one query.

        :param past: account.bank.statement.line
        :param lines: list of dicts with ``account_id``
        """
        own = self.journal_id.default_account_id | self.journal_id.suspense_account_id
        self.env["account.move.line"].flush_model(["statement_line_id", "account_id", "tax_line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT statement_line_id
                  FROM account_move_line
                 WHERE statement_line_id = ANY(%s) AND account_id <> ALL(%s) AND tax_line_id IS NULL
              GROUP BY statement_line_id
                HAVING array_agg(DISTINCT account_id ORDER BY account_id) = %s
                """,
                past.ids,
                own.ids,
                sorted({line["account_id"] for line in lines}),
            )
        )
        found = {line_id for (line_id,) in rows}
        return past.filtered(lambda line: line.id in found and line.match_status in MATCHED_STATUSES)

    def _count_caught(self, conditions, lines):
        past = caught = self._past_lines()
        # A record that is not stored holds no stored partners: they are compared here.
        rule = self.env["account.reconcile.model"].new({
            name: value
            for name, value in self._preset_values(conditions, lines).items()
            if name not in ("match_partner_ids", "line_ids")
        })  # fmt: skip
        if conditions["has_partner"]:
            caught = caught.filtered(lambda line: line.partner_id == self.partner_id)
        elif not conditions["label"]:
            caught = past.browse()
        caught = caught.filtered(rule._fits)
        alike = self._booked_alike(caught, lines)
        unmatched = caught.filtered(lambda line: line.match_status == "unmatched")
        otherwise = (caught - alike - unmatched).filtered(lambda line: line.match_status != "ignored")
        return {
            "looked_at": len(past),
            "caught": len(caught),
            "booked_alike": len(alike),
            "unmatched": len(unmatched),
            "booked_otherwise": len(otherwise),
            "examples": [line.payment_ref or "/" for line in (otherwise | unmatched | alike)[:EXAMPLES_MAX]],
        }
