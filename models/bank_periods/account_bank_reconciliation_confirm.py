"""Which remittances a period offers, confirming and unconfirming them."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...engine.bank_periods import confirm_sql
from ..common.permissions import require_bank_periods
from ..common.remote_calls import remote_call


class AccountBankReconciliation(models.Model):
    _inherit = "account.bank.reconciliation"

    # -- what is offered ------------------------------------------------------------------------------------

    def _offered_domain(self, first=None):
        """The remittances that belong on this period's page: what is confirmed here, and of those confirmed nowhere

        * all of the period;
        * those of earlier days that had not cleared: all since the account's first period, and of the time before it
          what the bank had not paid when it began (what it had is in the opening balance);
        * those dated later that the bank has moved in the period already.

        :param first: first day of the account's first period, where it is known already
        """
        self.ensure_one()
        # What other periods have is left out first: of nothing else is it looked up what the bank has moved.
        own = Domain("journal_id", "=", self.journal_id.id) & Domain("reconciliation_id", "in", [False, self.id])
        return own & (Domain("reconciliation_id", "=", self.id) | self._free_domain(first))

    def _free_domain(self, first=None):
        """Which of the account's remittances are offered where they are confirmed nowhere, see above."""
        if first is None:
            first = self.search([("journal_id", "=", self.journal_id.id)], order="date_from", limit=1).date_from
        first = min(first or self.date_from, self.date_from)
        inside = Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        not_cleared = Domain("is_cleared", "=", False) | Domain("bank_date", ">=", first)
        earlier = Domain("date", "<", self.date_from) & (Domain("date", ">=", first) | not_cleared)
        later = (
            Domain("date", ">", self.date_to)
            & Domain("bank_date", ">=", self.date_from)
            & Domain("bank_date", "<=", self.date_to)
        )
        return inside | earlier | later

    def _unconfirmed_domain(self, first=None):
        return self._offered_domain(first) & Domain("reconciliation_id", "=", False)

    def _matched_domain(self):
        """What is not confirmed yet, and matched with a bank transaction of the period."""
        return self._unconfirmed_domain() & self._moved_domain()

    def _moved_domain(self):
        """What is matched with a bank transaction of the period."""
        return Domain([
            ("is_matched", "=", True), ("bank_date", ">=", self.date_from), ("bank_date", "<=", self.date_to),
        ])  # fmt: skip

    def _section(self, date):
        """The section of a remittance on the page: earlier, period or later."""
        if date < self.date_from:
            return "earlier"
        return "period" if date <= self.date_to else "later"

    # -- ticking --------------------------------------------------------------------------------------------

    @remote_call(one=True)
    def action_confirm(self, remittances):
        """Confirm remittances: they appear on the bank's statement of this period.

        :param remittances: account.bank.remittance records or their ids; payments, entries, journal items or bank
            transactions are taken as their remittances
        :return: dict, the totals as ``get_totals`` gives them
        :raise UserError: naming a remittance that is not offered here, and why; then none is confirmed
        """
        self._check_may_tick()
        remittances = self.env["account.bank.remittance"]._of_records(remittances)
        self.env["account.bank.remittance"].invalidate_model()
        offered = remittances.search(Domain("id", "in", remittances.ids) & self._offered_domain())
        missing = remittances - offered
        if missing:
            self._raise_not_offered(missing[0])
        if not remittances:
            raise UserError(self.env._("There is no posted remittance to confirm in what was chosen. Reload the page."))
        self._create_confirmations(Domain("id", "in", remittances.ids) & self._unconfirmed_domain())
        return self.get_totals()

    @remote_call(one=True)
    def action_unconfirm(self, remittances):
        """Remove confirmations: the remittances can be confirmed elsewhere again.

        :param remittances: as for ``action_confirm``
        :return: dict, the totals as ``get_totals`` gives them
        """
        self._check_may_tick()
        keys = self.env["account.bank.remittance"]._of_records(remittances).ids
        # Made and deleted by this model alone; the permission was checked.
        confirmations = self.env["account.bank.reconciliation.confirmation"].sudo()
        confirmations.search([("reconciliation_id", "=", self.id), ("move_line_key", "in", keys)]).unlink()
        return self.get_totals()

    @remote_call(one=True)
    def action_confirm_all(self):
        """Confirm everything that the page offers.

        :return: dict, the totals as ``get_totals`` gives them
        """
        return self._confirm_domain(self._unconfirmed_domain())

    @remote_call(one=True)
    def action_confirm_matched(self):
        """Confirm everything that is matched with a bank transaction of the period.

        :return: dict, the totals as ``get_totals`` gives them
        """
        return self._confirm_domain(self._matched_domain())

    @remote_call(one=True)
    def action_unconfirm_all(self):
        """Remove all confirmations.

        :return: dict, the totals as ``get_totals`` gives them
        """
        self._check_may_tick()
        self.sudo().confirmation_ids.unlink()  # see action_unconfirm
        return self.get_totals()

    @remote_call(one=True)
    def action_accept_changes(self):
        """Confirm again what has changed since it was confirmed, with the figures it has now.

        What is gone is dropped.

        :return: dict, the totals as ``get_totals`` gives them
        """
        self._check_may_tick()
        changed = {change.row.key for change in self._changes()}
        confirmations = self.sudo().confirmation_ids.filtered(lambda one: one.move_line_key in changed)
        keys = confirmations.mapped("move_line_key")
        texts = [item["message"] for item in self.get_discrepancies()]
        confirmations.unlink()
        self._confirm_domain(self._unconfirmed_domain() & Domain("id", "in", keys))
        if texts:
            self._note([self.env._("Changes accepted:"), *texts])
        return self.get_totals()

    def _confirm_domain(self, domain):
        self._check_may_tick()
        self._create_confirmations(domain)
        return self.get_totals()

    def _create_confirmations(self, domain):
        """Confirm remittances with the figures that they have now, by one statement however many there are.

        :param domain: which remittances, none of them confirmed yet
        """
        remittances = self.env["account.bank.remittance"]
        confirmations = self.env["account.bank.reconciliation.confirmation"]
        self.env.flush_all()
        query = remittances._search(domain, order="date, id")
        names = ["id", "statement_line_id", "is_matched", "name", "label", "partner_id", "date", "bank_date", "amount"]
        # Made and deleted by this model alone; the permission was checked.
        self.env.execute_query(
            confirm_sql.confirm(
                query.select(*(SQL.identifier(query.table, name) for name in names)),
                reconciliation_id=self.id,
                company_id=self.company_id.id,
                rounding=self.currency_id.rounding,
                user_id=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        confirmations.invalidate_model(flush=False)
        remittances.invalidate_model(flush=False)
        self.invalidate_recordset(["confirmation_ids"], flush=False)
        self.modified(["confirmation_ids"])

    def _check_may_tick(self):
        """Ask for the permission, and for a period that is open."""
        self.ensure_one()
        require_bank_periods(self.env, self.company_id)
        self._lock()
        if self.state == "closed":
            raise UserError(
                self.env._("%s is closed, so nothing can be ticked or unticked. Reopen it first, with a reason.",
                           self.display_name)
            )  # fmt: skip

    def _raise_not_offered(self, remittance):
        """Raise the reason why a remittance can't be confirmed here."""
        found = remittance.search([("id", "=", remittance.id)])
        if not found:
            text = self.env._("What was to be confirmed is not a posted remittance any more. Reload the page.")
        elif found.journal_id != self.journal_id:
            text = self.env._(
                "%(name)s moved money on %(account)s, not on %(here)s. Confirm it in a period of that account.",
                name=found.name, account=found.journal_id.display_name, here=self.journal_id.display_name,
            )  # fmt: skip
        elif found.reconciliation_id:
            text = self.env._(
                "%(name)s is confirmed in %(other)s already. It can be confirmed once: untick it there first.",
                name=found.name,
                other=found.sudo().reconciliation_id.display_name,  # the name of a period of the same account
            )
        else:
            text = self.env._(
                "%(name)s is dated %(date)s, which is not in the period from %(start)s to %(end)s, nor had it been "
                "left open by an earlier one. Confirm it in the period of its date.",
                name=found.name, date=format_date(self.env, found.date),
                start=format_date(self.env, self.date_from), end=format_date(self.env, self.date_to),
            )  # fmt: skip
        raise UserError(text)
