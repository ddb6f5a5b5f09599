import base64
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.common.odoo_types import ACCOUNT_TYPES
from ..engine.items import statement_sql
from ..models.common import context_keys
from ..models.common.actions import CLOSE, notify
from ..models.common.permissions import VIEW, require
from ..models.common.remote_calls import remote_call

# The most lines that a statement may have.
LINES_MAX = 5000
# Days overdue, from and to; None has no limit.
AGES = ((1, 30), (31, 60), (61, 90), (91, None))


@dataclass(frozen=True, slots=True)
class OpenAmount:
    """What is open of a document that is due on one day.

    :param amount: Decimal, signed as the journal item
    :param disputed: Decimal, at least 0: how much of it
    """

    date_due: date
    amount: Decimal
    disputed: Decimal


class AccountClientStatement(models.TransientModel):
    """A statement of account: what a client or vendor was charged and paid in a period, and what is open at its end.

    Printed, sent by mail, or attached to the contact. Clients and vendors, and currencies, have a section each.
    """

    _name = "account.client.statement"
    _description = "Statement of account"

    partner_id = fields.Many2one("res.partner", "Account", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", required=True, default=lambda self: self._default_date_from())
    date_to = fields.Date("To", required=True, default=lambda self: self.env.company._today())
    with_open_items = fields.Boolean(
        "Open items", default=True, help="What is open on the last day, with its due date."
    )
    with_movements = fields.Boolean("Movements", default=True, help="Documents and payments of the period.")
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def _default_date_from(self):
        """The first day of the month before: the last statement that a client may have got, and what came since."""
        return self.env.company._today() + relativedelta(months=-1, day=1)

    @api.constrains("partner_id")
    def _check_visible(self):
        self.sudo(False).partner_id.check_access("read")  # Odoo runs constraints as the superuser

    @api.depends("partner_id", "company_id", "date_from", "date_to")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Statement of account %(name)s %(date)s", name=statement.partner_id.name, date=statement.date_to
            )

    @api.depends("partner_id", "company_id", "date_from", "date_to")
    def _compute_summary(self):
        for statement in self:
            statement.summary = False
            if statement.partner_id and statement.date_from and statement.date_to:
                statement.summary = "; ".join(
                    self.env._(
                        "%(count)s movements, balance %(balance)s, overdue %(overdue)s",
                        count=len(section["movements"]),
                        balance=section["currency"].format(section["closing"]),
                        overdue=section["currency"].format(section["overdue"]),
                    )
                    for section in statement._sections()
                )

    # -- what is done with it ------------------------------------------------------------------------------------------

    @remote_call(one=True)
    def action_print(self):
        """Print the statement.

        :return: the action of the PDF
        :raise AccessError: without the permission to see client billing
        """
        self._check()
        return self._report().report_action(self) | {"close_on_report_download": True}

    @remote_call(one=True)
    def action_attach(self):
        """Attach the statement to the contact, in its chatter."""
        self._check()
        owner = self.partner_id.commercial_partner_id
        owner.with_context(**{context_keys.SENDS_STATEMENT: True}).message_post(
            body=self.env._("Statement of account up to %s.", format_date(self.env, self.date_to)),
            attachments=[(self._file_name(), self._pdf())],
        )
        return notify(self.env._("The statement is attached to %s.", owner.display_name), then=CLOSE)

    @remote_call(one=True)
    def action_send(self):
        """Open a mail to the client, with the statement attached.

        :raise UserError: where the client has no mail address
        """
        self._check()
        owner = self.partner_id.commercial_partner_id
        if not owner.email:
            raise UserError(
                self.env._(
                    "%s has no mail address. Enter it in the contact, or print the statement.", owner.display_name
                )
            )
        attachment = self.env["ir.attachment"].create({
            "name": self._file_name(),
            "datas": base64.b64encode(self._pdf()),
            "mimetype": "application/pdf",
            "res_model": "mail.compose.message",
            "res_id": 0,
        })  # fmt: skip
        template = self.env.ref("account_reconciliation.mail_template_client_statement", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the statement of account"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "res.partner",
                "default_res_ids": owner.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_partner_ids": owner.ids,
                "default_attachment_ids": attachment.ids,
                "force_email": True,
                context_keys.SENDS_STATEMENT: True,
                context_keys.STATEMENT_DATE_TO: format_date(self.with_context(lang=owner.lang).env, self.date_to),
                context_keys.STATEMENT_COMPANY: self.company_id.name,
            },
        }

    def _check(self):
        """:raise UserError: where the dates are out of order, or there is nothing to show"""
        require(self.env, VIEW)
        self.check_access("read")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "%s is not among the companies you have selected. Select it at the top right first.",
                    self.company_id.name,
                )
            )
        if self.date_to < self.date_from:
            raise UserError(
                self.env._(
                    "The last day, %(date_to)s, is before the first, %(date_from)s. Choose a later one.",
                    date_to=format_date(self.env, self.date_to),
                    date_from=format_date(self.env, self.date_from),
                )
            )
        if not (self.with_open_items or self.with_movements):
            raise UserError(self.env._("Choose what the statement shows: open items, movements or both."))

    def _report(self):
        return self.env.ref("account_reconciliation.print_client_statement").with_context(discard_logo_check=True)

    def _pdf(self):
        return self.env["ir.actions.report"]._render_qweb_pdf(self._report(), self.ids)[0]

    def _file_name(self):
        return f"{self.display_name}.pdf".replace("/", "-")

    # -- its figures ---------------------------------------------------------------------------------------------------

    def _sections(self):
        """The statement's sections, one a side of the account and currency.

        :return: list of dicts ``side``, ``currency``, ``opening``, ``closing``, ``movements`` (dicts ``date``,
            ``type``, ``name``, ``memo``, ``member``, ``charge``, ``payment``, ``balance``), ``open_items`` (dicts
            ``date``, ``type``, ``name``, ``memo``, ``member``, ``date_due``, ``days_overdue``, ``amount``, ``open``,
            ``disputed``; one a due date), ``open_total``, ``overdue``, ``ages`` (labels and amounts); above zero is
            what the client owes, or what is owed to the vendor
        :raise AccessError: without the permission to see client billing
        :raise UserError: where there is more than a client reads
        """
        self.ensure_one()
        require(self.env, VIEW)
        owner = self.partner_id.commercial_partner_id._origin
        companies = self.company_id & self.env.companies
        transactions = self.env["account.reconciliation.transaction"]
        domain = [
            ("partner_id", "=", owner.id), ("company_id", "in", companies.ids), ("date", "<=", self.date_to),
        ]  # fmt: skip
        opening = {
            (currency, side): amount
            for currency, side, amount in transactions._read_group(
                [*domain, ("date", "<", self.date_from)], ["currency_id", "side"], ["amount:sum"]
            )
        }
        of_period = transactions.search(
            [*domain, ("date", ">=", self.date_from)], order="date, id", limit=LINES_MAX + 1
        )
        open_amounts = self._open_amounts(owner, companies)
        open_moves = list({move_id for move_id, _side, _currency in open_amounts})
        still_open = transactions.search(
            [*domain, ("move_id", "in", open_moves)], order="date, id", limit=LINES_MAX + 1
        )
        if max(len(of_period), len(still_open)) > LINES_MAX:
            raise UserError(self.env._("The statement has more than %s lines. Choose a shorter period.", LINES_MAX))
        names = dict(transactions._fields["transaction_type"]._description_selection(self.env))
        keys = {(row.currency_id, row.side): None for row in of_period | still_open} | dict.fromkeys(opening)
        sections = [
            self._section(
                currency,
                side,
                opening.get((currency, side), 0.0),
                of_period.filtered(lambda row, key=(currency, side): (row.currency_id, row.side) == key),
                [
                    (row, one)
                    for row in still_open
                    if (row.currency_id, row.side) == (currency, side)
                    for one in open_amounts.get((row.move_id.id, side, currency.id), [])
                ],
                names,
            )
            for currency, side in sorted(keys, key=lambda key: (key[1], key[0].id))
        ]
        return [
            section
            for section in sections
            if section["movements"] or section["open_items"] or not section["currency"].is_zero(section["closing"])
        ]

    def _open_amounts(self, owner, companies):
        """What is open at the end of the last day, and what of it is disputed.

        :return: dict of (move id, side, currency id) to list of :class:`OpenAmount`, one a due date
        """
        sides = {account_type: side for side, account_type in ACCOUNT_TYPES.items()}
        lines = {}
        for move_id, line_id, account_type, currency_id, amount, date_due in self.env.execute_query(
            statement_sql.open_on(owner.id, companies.ids, self.date_to)
        ):
            amount = self.env["res.currency"].browse(currency_id)._exact(amount)
            lines.setdefault((move_id, sides[account_type], currency_id), []).append((line_id, amount, date_due))
        # What is disputed of documents whose amounts the user sees.
        disputes = self.env["account.dispute"].sudo().search([
            ("move_id", "in", list({move_id for move_id, _side, _currency in lines})), ("date", "<=", self.date_to),
            "|", ("date_withdrawn", "=", False), ("date_withdrawn", ">", self.date_to),
        ])  # fmt: skip
        disputed = {dispute.move_id.id: dispute for dispute in disputes}
        result = {}
        for key, of_move in lines.items():
            total = sum(amount for _line_id, amount, _date_due in of_move)
            if not total:
                continue
            if any(amount * total < 0 for _line_id, amount, _date_due in of_move):
                # Due lines of both signs: their sum is open.
                of_move = [(of_move[0][0], total, of_move[0][2])]
            dispute = disputed.get(key[0])
            left = dispute.currency_id._exact(dispute.amount) if dispute else Decimal(0)
            by_date = result[key] = []
            for line_id, amount, date_due in of_move:
                is_disputed = dispute and (not dispute.due_lines or line_id in dispute.due_lines)
                part = min(left, abs(amount)) if is_disputed else Decimal(0)
                left -= part
                if by_date and by_date[-1].date_due == date_due:
                    earlier = by_date.pop()
                    amount, part = earlier.amount + amount, earlier.disputed + part
                by_date.append(OpenAmount(date_due, amount, part))
        return result

    def _section(self, currency, side, opening, rows, still_open, names):
        sign = 1 if side == "customer" else -1
        balance, movements = currency.round(sign * opening), []
        for row in rows:
            amount = currency.round(sign * row.amount)
            balance = currency.round(balance + amount)
            movements.append({
                **self._line(row, names),
                "charge": amount if amount > 0 else 0.0,
                "payment": -amount if amount < 0 else 0.0,
                "balance": balance,
            })  # fmt: skip
        open_items, ages, listed = [], [0.0] * (len(AGES) + 3), set()
        for row, one in still_open:
            amount, disputed = float(sign * one.amount), float(one.disputed)
            is_document = amount > 0
            days = max((self.date_to - one.date_due).days, 0) if is_document and disputed < amount else 0
            open_items.append({
                **self._line(row, names),
                "date_due": one.date_due if is_document else False,
                "days_overdue": days,
                # Of a document with several due dates, once.
                "amount": False if row in listed else currency.round(sign * row.amount),
                "open": amount,
                "disputed": disputed,
            })  # fmt: skip
            listed.add(row)
            age = len(AGES) + 1 if not is_document else 0
            if days:
                age = 1 + next(place for place, (_first, last) in enumerate(AGES) if last is None or days <= last)
            ages[age] = currency.round(ages[age] + amount - disputed)
            ages[-1] = currency.round(ages[-1] + disputed)
        return {
            "side": side,
            "currency": currency,
            "opening": currency.round(sign * opening),
            "closing": balance,
            "movements": movements,
            "open_items": open_items,
            "open_total": currency.round(sum(item["open"] for item in open_items)),
            "overdue": currency.round(sum(ages[1 : len(AGES) + 1])),
            "ages": list(zip(self._age_labels(), ages, strict=True)),
        }

    def _line(self, row, names):
        return {
            "date": row.date,
            "type": names[row.transaction_type],
            "name": row.name,
            "memo": row.memo or "",
            "member": row.member_id.name if row.member_id != row.partner_id else "",
        }

    def _age_labels(self):
        ages = [
            self.env._("over %s days", first - 1)
            if last is None
            else self.env._("%(first)s to %(last)s days", first=first, last=last)
            for first, last in AGES
        ]
        return [self.env._("Not due"), *ages, self.env._("Not applied"), self.env._("Disputed")]

    def _day_before(self):
        """The day of the opening balance."""
        return self.date_from - timedelta(days=1)
