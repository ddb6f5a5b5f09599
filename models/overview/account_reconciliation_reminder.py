from odoo import api, fields, models
from odoo.fields import Domain

from ...engine.overview import overview_sql
from ..common.permissions import BANK, VIEW
from ..common.remote_calls import remote_call

SUBJECTS = [
    ("unmatched", "Bank transactions to match"),
    ("money", "Payments and credits to apply"),
    ("failed", "Planned payments that failed"),
    ("periods", "Bank reconciliations to close"),
]
# The permission that a user needs to be reminded of a subject.
NEEDED = {"unmatched": BANK, "money": VIEW, "failed": VIEW, "periods": BANK}


class AccountReconciliationReminder(models.Model):
    """Something that waits for the accountants of a company: how much, and the to-do that each of them has for it.

    One row a subject and company, or bank account where the subject is one of the bank; updated by a scheduled action.
    """

    _name = "account.reconciliation.reminder"
    _description = "Reconciliation reminder"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, subject, journal_id"
    _mail_post_access = "read"

    subject = fields.Selection(SUBJECTS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    journal_id = fields.Many2one("account.journal", "Bank account", readonly=True, ondelete="cascade", index=True)
    count = fields.Integer("Waiting", readonly=True)

    _one_a_subject = models.UniqueIndex("(subject, company_id, COALESCE(journal_id, 0))")

    @api.depends("subject", "company_id", "journal_id", "count")
    @api.depends_context("lang")  # each accountant reads it in their own language
    def _compute_display_name(self):
        subjects = dict(self._fields["subject"]._description_selection(self.env))
        for reminder in self:
            reminder.display_name = self.env._(
                "%(subject)s: %(count)s (%(where)s)",
                subject=subjects.get(reminder.subject, ""),
                count=reminder.count,
                where=(reminder.journal_id or reminder.company_id).display_name,
            )

    # -- counting ------------------------------------------------------------------------------------------------------

    @api.model
    def _count_waiting(self, companies, subject, date_to=None):
        """How much waits now, of what dates from a day or before.

        Who may see it is the caller's business.

        :param companies: res.company records
        :param subject: a key of ``SUBJECTS``
        :param date_to: the last day that counts, or None
        :return: ``{(company id, journal id or False): count}``, only where something waits
        """
        self.env.flush_all()
        return getattr(self, f"_count_{subject}")(companies, date_to)

    def _count_unmatched(self, companies, date_to):
        rows = self.env.execute_query(overview_sql.unmatched_transactions(companies.ids, date_to=date_to))
        journals = self.env["account.journal"].browse(row[0] for row in rows)
        return {
            (journal.company_id.id, journal.id): row[1] for journal, row in zip(journals, rows, strict=True)
        }  # fmt: skip

    def _count_money(self, companies, date_to):
        rows = self.env.execute_query(overview_sql.money_not_applied(companies.ids, date_to))
        return {(company_id, False): count for company_id, count in rows}

    def _count_failed(self, companies, date_to):
        domain = [("company_id", "in", companies.ids), ("state", "=", "failed")]
        if date_to:
            domain.append(("due_date", "<=", date_to))
        rows = self.env["account.planned.payment"]._read_group(domain, ["company_id"], ["__count"])
        return {(company.id, False): count for company, count in rows}

    def _count_periods(self, companies, date_to):
        """Periods that are over and still open."""
        domain = Domain.FALSE
        for today, those in companies.filtered("bank_reconciliation")._grouped_by_today().items():
            over = fields.Date.subtract(today, days=1)
            domain |= Domain("company_id", "in", those.ids) & Domain(
                "date_to", "<=", min(date_to, over) if date_to else over
            )
        domain &= Domain("state", "=", "open")
        rows = self.env["account.bank.reconciliation"]._read_group(domain, ["journal_id"], ["__count"])
        return {(journal.company_id.id, journal.id): count for journal, count in rows}

    # -- reminding -----------------------------------------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Bring the reminders of all companies, and the to-dos of their accountants, to what waits now."""
        companies = self.env["res.company"].search([("active", "=", True)])
        reminders = self.search([("company_id", "in", companies.ids)])
        known = {(one.subject, one.company_id.id, one.journal_id.id): one for one in reminders}
        for subject, _name in SUBJECTS:
            waiting = {
                key: count
                for key, count in self._count_waiting(companies, subject).items()
                # No user is to be reminded: no row either.
                if companies.browse(key[0]).reminder_user_ids or (subject, *key) in known
            }
            for (company_id, journal_id), count in waiting.items():
                if (subject, company_id, journal_id) not in known:
                    known[subject, company_id, journal_id] = self.create(
                        {"subject": subject, "company_id": company_id, "journal_id": journal_id, "count": count}
                    )
            for (of_subject, company_id, journal_id), reminder in known.items():
                if of_subject == subject:
                    reminder._remind(waiting.get((company_id, journal_id), 0))

    def _remind(self, count):
        """Set how much waits, and give each accountant one to-do for it; remove the to-do where nothing is left."""
        self.ensure_one()
        if self.count != count:
            self.count = count
        wanted = self.company_id.reminder_user_ids.filtered(
            lambda user: (
                count and user.active and self.company_id in user.company_ids and user.has_group(NEEDED[self.subject])
            )
        )
        activities = self.activity_ids
        kept = self.env["mail.activity"]
        for user in wanted:
            summary = self.with_context(lang=user.lang).display_name
            mine = activities.filtered(lambda activity, user=user: activity.user_id == user)[:1]
            if mine:
                kept |= mine
                if mine.summary != summary:
                    mine.summary = summary
            else:
                # The to-do itself is the message: the digest is what comes by e-mail.
                kept |= self.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo", self.company_id._today(), summary=summary, user_id=user.id
                )
        (activities - kept).unlink()

    @remote_call(one=True)
    def action_open(self):
        """Open what waits.

        :return: the action of the list or screen where it is done
        """
        name, domain, context = {
            "unmatched": ("action_bank_transactions", [("match_status", "=", "unmatched")], {}),
            "money": ("action_unreconciled_items", [("amount_residual", "!=", 0)], {"search_default_money": 1}),
            "failed": ("action_planned_payments", [("state", "=", "failed")], {}),
            "periods": ("action_bank_reconciliations", [("state", "=", "open")], {}),
        }[self.subject]
        action = self.env["ir.actions.act_window"]._for_xml_id(f"account_reconciliation.{name}")
        domain.append(("company_id", "=", self.company_id.id))
        if self.journal_id:
            domain.append(("journal_id", "=", self.journal_id.id))
        return {**action, "domain": domain, "context": context}
