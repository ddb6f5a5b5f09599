"""Writes a made-up ledger into Odoo's tables: a few real records made by Odoo, copied by SQL with other values."""

import json

from odoo import Command
from odoo.tools import SQL

TABLES = ("res_partner", "res_partner_bank", "account_move", "account_move_line", "account_payment",
          "account_bank_statement_line")  # fmt: skip
SLICE = 5000


class Template:
    """A record that Odoo made: its entry, the line that is owed (outstanding, liquidity), the line against it."""

    def __init__(self, move, owed, record=None):
        self.move, self.owed, self.record = move, owed, record
        self.rest = (move.line_ids - owed)[:1]


class Writer:
    """Copies templates.

    How to use: ``copy_ledger(ledger)`` gives the ids of what it made. Nothing is committed.
    """

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.rows = {table: [] for table in TABLES}
        self.next_id = {}
        self._templates()
        for table in TABLES:
            env.cr.execute(SQL("SELECT COALESCE(MAX(id), 0) + 1 FROM %s", SQL.identifier(table)))
            self.next_id[table] = env.cr.fetchone()[0]

    def _templates(self):
        env = self.env
        self.company.name = "Recreation Centre Bench"
        self.euro = env.ref("base.EUR")
        self.euro.active = True
        self.own = self.company.currency_id
        env["res.currency.rate"].create({
            "currency_id": self.euro.id, "rate": 1 / 1.2, "name": "2020-01-01", "company_id": self.company.id,
        })  # fmt: skip
        bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1)
        savings = bank.copy({"name": "Savings", "code": "SAVB"})
        savings.default_account_id = bank.default_account_id.copy()
        number = env["res.partner.bank"].create({"acc_number": "SAVINGS", "partner_id": self.company.partner_id.id})
        savings.bank_account_id = number
        self.journals = {"bank": bank, "savings": savings}
        card = bank.inbound_payment_method_line_ids[:1].copy({"name": "Card"})
        self.methods = {"manual": bank.inbound_payment_method_line_ids[:1].id, "card": card.id}
        partner = env["res.partner"].create({"name": "Bench template"})
        self.partner = partner
        self.account = env["res.partner.bank"].create({"acc_number": "DE00", "partner_id": partner.id})
        self.templates = {}
        for kind, move_type in (("invoice", "out_invoice"), ("bill", "in_invoice"), ("credit", "out_refund")):
            move = env["account.move"].create({
                "move_type": move_type, "partner_id": partner.id, "invoice_date": "2026-01-01",
                "invoice_line_ids": [Command.create({"name": "item", "price_unit": 100, "tax_ids": []})],
            })  # fmt: skip
            move.action_post()
            self.templates[kind] = Template(
                move, move.line_ids.filtered(lambda line: line.display_type == "payment_term")
            )
        payment = env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": partner.id, "journal_id": bank.id,
            "amount": 100, "date": "2026-01-01",
        })  # fmt: skip
        payment.action_post()
        outstanding = payment.move_id.line_ids.filtered(lambda line: line.account_id == payment.outstanding_account_id)
        self.templates["payment"] = Template(payment.move_id, outstanding, payment)
        for code, journal in self.journals.items():
            line = env["account.bank.statement.line"].create({
                "journal_id": journal.id, "date": "2026-01-01", "amount": 100, "payment_ref": "bench",
            })  # fmt: skip
            liquidity, _suspense, _other = line._seek_for_lines()
            self.templates[code] = Template(line.move_id, liquidity, line)
        self.discount_term = env["account.payment.term"].create({
            "name": "2 % within 10 days", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })  # fmt: skip
        env.flush_all()
        # The copies begin to count at one.
        moves = [template.move.id for template in self.templates.values()]
        env.cr.execute(
            SQL("UPDATE account_move SET name = 'T' || id, payment_reference = NULL WHERE id = ANY(%s)", moves)
        )
        env.invalidate_all()

    def _add(self, table, template, **values):
        number = self.next_id[table]
        self.next_id[table] += 1
        values["id"] = number
        rows = self.rows[table]
        rows.append({"t": template.id, "v": values})
        if len(rows) >= SLICE:
            self._flush(table)
        return number

    def _flush(self, table):
        rows, self.rows[table] = self.rows[table], []
        if rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %(table)s SELECT (jsonb_populate_record(template, row.value->'v')).*"
                    " FROM jsonb_array_elements(%(rows)s::jsonb) AS row"
                    " JOIN %(table)s AS template ON template.id = (row.value->>'t')::int",
                    table=SQL.identifier(table),
                    rows=json.dumps(rows, default=str),
                )
            )

    def copy_ledger(self, ledger):
        """Write a ledger.

        :param ledger: ``matching_ledger.Ledger``
        :return: dict of the ledger's owners, documents, payments and lines -> record id
        """
        self.env.cr.execute("SET LOCAL session_replication_role = replica")  # the copies are consistent
        ids = {}
        for owner in ledger.owners:
            number = self.next_id["res_partner"]
            ids[owner] = self._add("res_partner", self.partner, name=owner.name, complete_name=owner.name,
                                   commercial_partner_id=number, ref=owner.reference or None)  # fmt: skip
            for member in owner.members:
                ids[member] = self._add("res_partner", self.partner, name=member.name, complete_name=member.name,
                                        parent_id=number, commercial_partner_id=number, email=member.email or None,
                                        email_normalized=member.email or None, is_company=False)  # fmt: skip
            if owner.is_account_known:
                self._add("res_partner_bank", self.account, partner_id=ids[owner], acc_number=owner.account,
                          sanitized_acc_number=owner.account)  # fmt: skip
        for document in ledger.documents:
            ids[document] = self._document(document, ids)
        for payment in ledger.payments:
            ids[payment] = self._payment(payment, ids)
        for line in ledger.lines:
            ids[line] = self._line(line, ids)
        for table in TABLES:
            self._flush(table)
        self.env.cr.execute("SET LOCAL session_replication_role = DEFAULT")
        for table in TABLES:
            self.env.cr.execute(SQL("SELECT setval(%s, %s)", f"{table}_id_seq", self.next_id[table]))
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        self.env.invalidate_all()
        return ids

    def _entry(self, template, amounts, day, owner_id, currency, values, line_values):
        """One entry with an owed line a part, and one line against them.

        :param amounts: list of (Decimal in the currency, due date or None)
        """
        # 1.2 units of the company's currency a euro, as the rate above says.
        rate = 1 if currency == self.own else 1.2
        move_id = self._add("account_move", template.move, **values, date=day, currency_id=currency.id)
        common = {"move_id": move_id, "date": day, "partner_id": owner_id, "currency_id": currency.id,
                  "move_name": values.get("name"), "ref": values.get("ref"),
                  "statement_line_id": values.get("statement_line_id")}  # fmt: skip
        total = sum(amount for amount, _due in amounts)
        for amount, due in amounts:
            self._ledger_line(template.owed, amount, rate, {**common, "date_maturity": due, **line_values})
        self._ledger_line(template.rest, -total, rate, {**common, "residual": False})
        return move_id

    def _ledger_line(self, template, amount, rate, values):
        balance = round(float(amount) * rate, 2)
        is_open = values.pop("residual", True)
        self._add(
            "account_move_line", template, **values, amount_currency=amount, balance=balance, debit=max(balance, 0),
            credit=max(-balance, 0), amount_residual=balance if is_open else 0,
            amount_residual_currency=amount if is_open else 0,
            reconciled=not is_open and bool(template.account_id.reconcile),
        )  # fmt: skip

    def _document(self, document, ids):
        currency = self.euro if document.currency == "EUR" else self.own
        owner_id = ids[document.owner]
        total = abs(document.amount)
        values = {
            "name": document.name, "ref": document.ref or None, "payment_reference": document.payment_reference or None,
            "partner_id": ids[document.member] if document.member else owner_id, "commercial_partner_id": owner_id,
            "invoice_origin": document.order or None, "invoice_date": document.day,
            "invoice_date_due": document.parts[-1][1], "amount_total": total,
            "amount_residual": total if document.is_open else 0, **_sequence(document.name),
        }  # fmt: skip
        line_values = {"residual": document.is_open}
        if document.discount is not None:
            values["invoice_payment_term_id"] = self.discount_term.id
            line_values |= {"discount_date": document.discount_day, "discount_amount_currency": document.discount,
                            "discount_balance": document.discount}  # fmt: skip
        template = self.templates[document.kind]
        return self._entry(template, document.parts, document.day, owner_id, currency, values, line_values)

    def _payment(self, payment, ids):
        owner_id, template = ids[payment.owner], self.templates["payment"]
        number = self.next_id["account_payment"]
        name = f"PBENCH/2026/{payment.number:05d}"
        values = {"name": name, "ref": payment.memo, "partner_id": owner_id, "commercial_partner_id": owner_id,
                  "origin_payment_id": number, **_sequence(name)}  # fmt: skip
        move_id = self._entry(
            template, [(payment.amount, None)], payment.day, owner_id, self.own, values, {"payment_id": number}
        )
        return self._add(
            "account_payment", template.record, move_id=move_id, partner_id=owner_id,
            amount=abs(payment.amount), payment_type="inbound" if payment.amount > 0 else "outbound", name=name,
            date=payment.day, memo=payment.memo, payment_method_line_id=self.methods[payment.method],
        )  # fmt: skip

    def _line(self, line, ids):
        template = self.templates[line.journal]
        number = self.next_id["account_bank_statement_line"]
        name = f"BENCH/{line.journal}/{number:07d}"
        values = {"name": name, "partner_id": None, "statement_line_id": number, **_sequence(name)}  # fmt: skip
        line_values = {"residual": True}
        move_id = self._entry(template, [(line.amount, None)], line.day, None, self.own, values, line_values)
        more = {}
        if line.original:
            more = {"foreign_currency_id": self.euro.id, "amount_currency": line.original[1]}
        # The import has filled in the partner where the account or the exact name leaves no choice.
        owner = line.owner
        is_known = owner and line.account and owner.is_account_known
        return self._add(
            "account_bank_statement_line", template.record, move_id=move_id, amount=line.amount, payment_ref=line.label,
            partner_name=line.name or None, account_number=line.account or None, amount_residual=-float(line.amount),
            partner_id=ids[owner] if is_known else None, internal_index=f"{line.day:%Y%m%d}{number:020d}",
            is_reconciled=False, end_to_end_id=line.end_to_end or None, **more,
        )  # fmt: skip


def _sequence(name):
    """Split a number as Odoo stores it beside the name."""
    prefix, slash, number = name.rpartition("/")
    return {"sequence_prefix": prefix + slash, "sequence_number": int(number)}


def copy_open_documents(env, writer, count, commit):
    """Add many more open invoices by SQL alone, for measuring how long a look-up takes.

    Twenty invoices an owner, each with a number of its own; 250,000 different amounts; thousands of owners share a word
    of their names. The tables' indexes are made anew afterwards, which is quicker than keeping them up; the trigram
    ones, which matching doesn't use, are left away. It has to commit, because PostgreSQL doesn't use an index that was
    made in the transaction in which older rows were changed: only for a database that is thrown away.

    :param count: int
    :param commit: function that commits
    """
    cr = env.cr
    start, owners = dict(writer.next_id), max(count // 20, 1)
    person, owner = SQL("%s + n", start["res_partner"]), SQL("%s + n %% %s", start["res_partner"], owners)
    number, day = (
        SQL("'BIG/2025/' || lpad((%s + n)::text, 8, '0')", start["account_move"]),
        SQL("DATE '2025-01-01' + n %% 365"),
    )
    amount = SQL("round((20 + (n::bigint * 7919 %% 250000) / 100.0)::numeric, 2)")
    copies = {
        "res_partner": (writer.partner, owners, {
            "id": person, "commercial_partner_id": person,
            "name": SQL("'Owner' || md5((n %% 9973)::text) || ' Family' || md5((n / 97)::text)"),
        }),
        "account_move": (writer.templates["invoice"].move, count, {
            "id": SQL("%s + n", start["account_move"]), "name": number, "payment_reference": number,
            "partner_id": owner, "commercial_partner_id": owner,
            "sequence_prefix": SQL("%s", "BIG/2025/"), "sequence_number": SQL("%s + n", start["account_move"]),
            "date": day, "invoice_date": day,
        }),
        "account_move_line": (writer.templates["invoice"].owed, count, {
            "id": SQL("%s + n", start["account_move_line"]), "move_id": SQL("%s + n", start["account_move"]),
            "partner_id": owner, "amount_currency": amount, "balance": amount, "debit": amount,
            "amount_residual": amount, "amount_residual_currency": amount, "date": day, "date_maturity": day,
            "move_name": number,
        }),
    }  # fmt: skip
    for table, (record, rows, values) in copies.items():
        indexes = _drop_indexes(cr, table)
        cr.execute("SET LOCAL session_replication_role = replica")
        cr.execute(
            SQL(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                table,
            )
        )
        columns = [column for (column,) in cr.fetchall()]
        cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s FROM %(table)s AS t,"
                " generate_series(0, %(last)s) AS n WHERE t.id = %(id)s",
                table=SQL.identifier(table),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(values.get(column, SQL.identifier("t", column)) for column in columns),
                last=rows - 1,
                id=record.id,
            )
        )
        commit()
        for definition in indexes:
            if "gin_trgm_ops" not in definition:
                cr.execute(definition)
        cr.execute(SQL("SELECT setval(%s, (SELECT MAX(id) FROM %s))", f"{table}_id_seq", SQL.identifier(table)))
        cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        writer.next_id[table] += rows
        commit()
    env.invalidate_all()


def _drop_indexes(cr, table):
    """Drop the indexes of a table that no constraint needs; give what makes them again."""
    cr.execute(
        SQL(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
            " AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)",
            table,
        )
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    return [definition.replace("%", "%%") for _name, definition in indexes]
