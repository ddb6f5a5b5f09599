"""Reads a ledger's rows in words that don't depend on which ids were drawn, so that two ways of writing it compare."""

import json
from collections import Counter, defaultdict
from itertools import count

from odoo.tools import SQL

TABLES = (
    "account_move", "account_move_line", "account_payment", "account_bank_statement_line",
    "account_partial_reconcile", "account_full_reconcile", "account_reconciliation_item",
    "account_reconciliation_line", "account_bank_match_decision", "mail_message", "mail_tracking_value",
)  # fmt: skip
LINKS = {
    "account_move": {"move_id", "counterpart_move_id", "exchange_move_id", "tax_cash_basis_origin_move_id",
                     "reversed_entry_id"},
    "account_move_line": {"debit_move_id", "credit_move_id", "move_line_id", "counterpart_line_id"},
    "account_partial_reconcile": {"partial_id", "tax_cash_basis_rec_id"},
    "account_full_reconcile": {"full_reconcile_id"},
    "account_reconciliation_item": {"item_id"},
    "mail_message": {"mail_message_id", "parent_id"},
}  # fmt: skip
# Who wrote it when, and numbers that are drawn at random.
LEFT_OUT = {"write_date", "write_uid", "create_date", "message_id", "access_token", "id", "date_end"}


class LedgerRows:
    """For tests that have ``self.env``."""

    def read_all(self, tables=TABLES):
        """Every row of the tables.

        :return: dict table -> dict name of row -> dict column -> value; beside them ``name of move``: id -> name
        """
        rows = {}
        for table in tables:
            self.env.cr.execute(SQL("SELECT to_jsonb(t) FROM %s AS t ORDER BY id", SQL.identifier(table)))
            rows[table] = [row[0] for row in self.env.cr.fetchall()]
        names = self.name_rows(rows)
        result = {"name of move": names["account_move"]}
        for table, found in rows.items():
            result[table] = {}
            for row in found:
                words = self.in_words(table, row, names)
                name = names[table][row["id"]]
                self.assertNotIn(name, result[table], f"two rows are called {name}")
                result[table][name] = words
        return result

    def name_rows(self, rows):
        names = {"account_move": {row["id"]: f"{row['name']} ({row['journal_id']})" for row in rows["account_move"]}}
        place = Counter()
        names["account_move_line"] = {}
        for row in rows["account_move_line"]:
            move = names["account_move"][row["move_id"]]
            place[move] += 1
            names["account_move_line"][row["id"]] = f"{move} line {place[move]}"
        line = names["account_move_line"]
        names["account_partial_reconcile"] = {
            row["id"]: f"{line[row['debit_move_id']]} by {line[row['credit_move_id']]}"
            for row in rows["account_partial_reconcile"]
        }
        members = defaultdict(list)
        for row in rows["account_move_line"]:
            members[row["full_reconcile_id"]].append(line[row["id"]])
        # Odoo leaves some behind whose items have gone on to another one.
        left = count(1)
        names["account_full_reconcile"] = {
            row["id"]: f"full: {sorted(members[row['id']]) or next(left)}" for row in rows["account_full_reconcile"]
        }
        names["account_reconciliation_item"] = {
            row["id"]: f"item {line[row['move_line_id']]}" for row in rows["account_reconciliation_item"]
        }
        names["account_reconciliation_line"] = {
            row["id"]: " of ".join((
                names["account_partial_reconcile"][row["partial_id"]], line[row["counterpart_line_id"]],
                names["account_reconciliation_item"][row["item_id"]],
            ))
            for row in rows["account_reconciliation_line"]
        }  # fmt: skip
        names["account_bank_match_decision"] = {
            row["id"]: f"decision {row['number']} of {row['journal_id']}" for row in rows["account_bank_match_decision"]
        }
        said = Counter()
        names["mail_message"] = {}
        for row in rows["mail_message"]:
            about = names["account_move"].get(row["res_id"]) if row["model"] == "account.move" else row["res_id"]
            said[row["model"], about] += 1
            names["mail_message"][row["id"]] = f"{row['model']} {about} message {said[row['model'], about]}"
        names["mail_tracking_value"] = {
            row["id"]: f"{names['mail_message'].get(row['mail_message_id'])}: {row['field_id']}"
            for row in rows["mail_tracking_value"]
        }
        names["account_payment"] = {row["id"]: f"payment {row['id']}" for row in rows["account_payment"]}
        names["account_bank_statement_line"] = {
            row["id"]: f"bank {row['id']}" for row in rows["account_bank_statement_line"]
        }
        return names

    def in_words(self, table, row, names):
        words = {}
        for column, value in row.items():
            if column in LEFT_OUT:
                continue
            for target, columns in LINKS.items():
                # A message's thread is what it hangs on; other tables call other things a parent.
                if column in columns and value and (column != "parent_id" or table == "mail_message"):
                    value = names[target].get(value, value)
                    break
            words[column] = value
        if table == "account_move_line" and row["matching_number"]:
            group = [
                name
                for other, name in names["account_move_line"].items()
                if self.numbers(row["matching_number"], other)
            ]
            words["matching_number"] = (row["matching_number"][0] == "P", min(group))
        if table == "mail_message" and row["model"] == "account.move":
            words["res_id"] = names["account_move"][row["res_id"]]
        if table == "mail_message":
            words["date"] = None
        if table == "account_bank_match_decision":
            words |= dict.fromkeys(("date", "hash", "previous_hash"))
            words["payload"] = {**json.loads(row["payload"]), "date": None}
        return words

    def numbers(self, number, line_id):
        return self.env["account.move.line"].browse(line_id).matching_number == number

    def differences(self, table, in_bulk, by_odoo):
        for name in sorted(in_bulk.keys() | by_odoo.keys()):
            one, other = in_bulk.get(name), by_odoo.get(name)
            if one is None or other is None:
                yield table, name, "the row", one and "is there", other and "is there"
            elif one != other:
                yield from (
                    (table, name, column, one[column], other[column]) for column in one if one[column] != other[column]
                )
