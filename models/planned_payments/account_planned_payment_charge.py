"""Processing a planned payment: it is charged once, registered, or becomes a to-do."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from psycopg2 import OperationalError, errors

from ..common.actions import RELOAD, notify
from ..common.permissions import MANAGE, require
from ..common.remote_calls import remote_call
from ..common.sql import claim_rows

_logger = logging.getLogger(__name__)

# A charge whose result isn't known after this time was interrupted, and a person has to look at it.
CHARGE_TIMEOUT = timedelta(minutes=15)


class AccountPlannedPayment(models.Model):
    """*Nobody is charged twice.* The order of a charge is: store the planned payment as processing, with a transaction
    of a unique reference, and commit; charge; commit the answer; register the payment. Who comes back after a crash
    finds the transaction: an answer that is there is registered, one that is not there is never asked for again, a
    person looks at it.
    """

    _inherit = "account.planned.payment"

    @api.model
    @remote_call()
    def run_due(self):
        """Process the due planned payments one by one, with a commit after each (the scheduled action).

        Those that were interrupted are continued. Two of these may run at once.

        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        cron = self.env["ir.cron"]
        # The superuser, as whom the scheduled action runs, works for every company; anyone else for those selected.
        companies = self._companies_with_coming() if self.env.su else self.env.companies
        due = self.sudo().search(self._due_domain(companies), order="due_date, id")
        cron._commit_progress(remaining=len(due))
        for planned in due:
            planned._process_alone()
            if not cron._commit_progress(1):
                break

    @api.model
    def _due_domain(self, companies):
        """What is due in these companies, each by its own day."""
        due = Domain.FALSE
        for today, those in companies._grouped_by_today().items():
            due |= Domain("company_id", "in", those.ids) & (
                (Domain("state", "=", "planned") & Domain("due_date", "<=", today))
                | (Domain("state", "=", "failed") & Domain("next_attempt_date", "<=", today))
                | Domain("state", "=", "processing")
            )
        return Domain("is_coming", "=", True) & due

    def _process_alone(self):
        """Process one planned payment; its failure leaves the others alone."""
        self.ensure_one()
        try:
            if not self._claim() or self._hold_reason():
                return
            if self.state != "processing" and self.payment_token_id:
                self._charge()
            else:
                with self.env.cr.savepoint():
                    self._process()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody else works on the same records at this moment: the next run comes back to it.
            self.env.cr.rollback()
        except OperationalError:
            # The database stopped, not the payment. The next run comes back to it.
            _logger.exception("Planned payment %s was stopped by the database", self.id)
            self.env.cr.rollback()
        except Exception as error:
            self.env.invalidate_all(flush=False)
            _logger.warning("Planned payment %s was not paid", self.id, exc_info=not isinstance(error, UserError))
            if self.state == "processing":
                self._ask_person(
                    self.env._(
                        "The charge %(reference)s went through, but its payment can't be registered: %(why)s "
                        "It is tried again with every run.",
                        reference=self.reference,
                        why=str(error),
                    )
                )
            else:
                self._fail(str(error))

    def _hold_reason(self):
        """Why the planned payment is not paid automatically, though it is due; an empty text where it is.

        What a person pays by “Pay now”, and a charge that has been made, is not held.
        """
        self.ensure_one()
        return ""

    def _claim(self):
        """Lock a planned payment for this transaction.

        :return: False where somebody else has it, or it isn't due any more
        """
        self.ensure_one()
        self.flush_recordset()
        # Whoever changes which items it pays writes rows that only refer to it.
        claimed = claim_rows(self, SQL("id = %s AND is_coming", self.id), is_referred_to=True)
        self.invalidate_recordset(flush=False)
        return bool(claimed)

    def _process(self):
        """Continue a charge, register the payment, or make a to-do, as the planned payment says."""
        self.ensure_one()
        if self.state == "processing":
            self._resume()
        elif self.payment_method_line_id.needs_person:
            self._ask_person(self.env._("Take this payment, then press “Pay now”."))
        else:
            self._register_payment()

    # -- charging ---------------------------------------------------------------------------------------------------

    def _charge(self):
        """Charge the saved payment method: once, whatever happens. Commits before the charge and after it."""
        self.ensure_one()
        problem = self.move_id._means_problem(self.payment_method_line_id, self.payment_token_id)
        if problem:
            self._fail(problem)
            return
        commit = self.env["ir.cron"]._commit_progress
        try:
            with self.env.cr.savepoint():
                transaction = self._prepare_charge()
        except errors.UniqueViolation:
            # A concurrent transaction has just stored the same charge.
            self.env.invalidate_all(flush=False)
            return
        commit()
        if not self._claim() or self.sudo().transaction_id != transaction:  # see _prepare_charge
            return
        try:
            with self.env.cr.savepoint():
                transaction._charge_with_token()
        except (UserError, ValidationError) as error:
            # The charge was refused before anything was sent.
            transaction._set_error(str(error))
        except Exception as error:
            _logger.exception("The result of charge %s is not known", self.reference)
            self._ask_person(self._timeout_message(error))
            return
        commit()
        self._resume()

    def _prepare_charge(self):
        """Store the transaction of the next charge, with a reference that no other can have."""
        # The user may have no access to the provider's records; the permission was checked, or the scheduled action
        # runs.
        planned = self.sudo()
        token = planned.payment_token_id
        transactions = self.env["payment.transaction"].sudo()
        charges = transactions.search_count([("planned_payment_id", "=", planned.id)])
        reference = f"{planned.move_id.name}-P{planned.id}-{charges + 1}"
        transaction = transactions.create({
            "provider_id": token.provider_id.id,
            "payment_method_id": token.payment_method_id.id,
            "reference": reference,
            "amount": planned.amount,
            "currency_id": planned.currency_id.id,
            "partner_id": token.partner_id.id,
            "token_id": token.id,
            "operation": "offline",
            "invoice_ids": [fields.Command.set(planned.move_id.ids)],
            "planned_payment_id": planned.id,
        })  # fmt: skip
        planned._set_state(
            "processing",
            transaction_id=transaction.id,
            reference=reference,
            attempt_count=planned.attempt_count + 1,
            next_attempt_date=False,
            failure_message=False,
        )
        return transaction

    def _resume(self):
        """Go on from the answer to a charge; never charge again."""
        self.ensure_one()
        transaction = self.sudo().transaction_id  # see _prepare_charge
        if transaction.state == "done":
            if not self.payment_id:
                transaction._post_process()
        elif transaction.state in ("cancel", "error"):
            transaction._post_process()
            if self.state == "processing":
                self._fail(transaction.state_message or self.env._("The charge was cancelled."))
        elif transaction.state == "draft":
            started = transaction.last_state_change or transaction.create_date
            if started < fields.Datetime.now() - CHARGE_TIMEOUT:
                self._ask_person(self._timeout_message())

    def _is_charged(self):
        """Whether a charge went through, and its payment is not registered yet."""
        transaction = self.sudo().transaction_id  # see _prepare_charge
        return self.state == "processing" and transaction.state == "done" and not self.payment_id

    def _timeout_message(self, error=None):
        return self.env._(
            "The charge %(reference)s was interrupted and its result isn't known%(error)s. Look it up at the payment "
            "provider, then press “It went through” or “It failed”. It is not charged again automatically.",
            reference=self.reference,
            error=f" ({error})" if error else "",
        )

    @remote_call()
    def action_charge_succeeded(self):
        """A person has seen at the provider that a charge whose result was lost went through: register it.

        :raise AccessError: without the permission to manage reconciliations
        """
        self._check_lost_charge()
        for planned in self.sudo():  # see _prepare_charge; the permission was checked
            if planned.transaction_id.state != "done":
                planned.transaction_id._set_done(extra_allowed_states=("cancel",))
            planned.activity_unlink(["mail.mail_activity_data_todo"])
            planned._resume()
        return True

    @remote_call()
    def action_charge_failed(self):
        """A person has seen at the provider that a charge whose result was lost did not go through.

        :raise AccessError: without the permission to manage reconciliations
        """
        self._check_lost_charge()
        for planned in self.sudo():  # see _prepare_charge; the permission was checked
            planned.transaction_id._set_error(self.env._("Not charged, says %s.", self.env.user.name))
            planned.activity_unlink(["mail.mail_activity_data_todo"])
            planned._resume()
        return True

    def _check_lost_charge(self):
        require(self.env, MANAGE)
        for planned in self:
            if planned.state != "processing" or planned.payment_id:
                raise UserError(self.env._("%s isn't waiting for the result of a charge.", planned.display_name))

    # -- registering ------------------------------------------------------------------------------------------------

    @remote_call()
    def action_pay_now(self):
        """Process planned payments now: charged where there is a saved payment method, else registered.

        Commits where a saved payment method is charged.

        :return: a notification
        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where a planned payment isn't waiting to be paid
        """
        require(self.env, MANAGE)
        for planned in self:
            if planned._is_charged():
                # The charge went through, and a concurrent transaction does the rest.
                planned._resume()
                continue
            if planned.state not in ("planned", "failed"):
                raise UserError(
                    self.env._("%s isn't waiting to be paid, so it can't be paid now.", planned.display_name)
                )
            if not planned.is_coming:
                planned._revive()
            if not planned._claim():
                raise UserError(self.env._("Somebody else is paying %s at this moment.", planned.display_name))
            if planned.payment_token_id:
                planned._charge()
            else:
                planned._register_payment()
        failed = self.filtered(lambda one: one.state == "failed")
        message = " ".join(f"{one.display_name}: {one.failure_message}" for one in failed)
        message = message or self.env._("Paid: %s", ", ".join(self.mapped("display_name")))
        return notify(message, "danger" if failed else "success", then=RELOAD)

    def _register_payment(self):
        """Post the payment by the chosen method and apply it to the planned payment's items, wherever they are."""
        self.ensure_one()
        problem = self.move_id._means_problem(self.payment_method_line_id, None)
        if problem:
            raise UserError(problem)
        direction, partner_type, account = self.move_id._planned_direction()
        payment = self.env["account.payment"].create({
            "payment_type": direction,
            "partner_type": partner_type,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount,
            "date": self.company_id._today(),
            "journal_id": self.payment_method_line_id.journal_id.id,
            "payment_method_line_id": self.payment_method_line_id.id,
            "destination_account_id": account.id,
            "memo": self.display_name,
        })  # fmt: skip
        payment.action_post()
        exact = self.currency_id._exact
        split = {line.item_id.id: exact(line.amount) for line in self.line_ids}
        money = payment.move_id._owed_lines()
        pairs = money._pairs_with_document(self.move_id, exact(self.amount), split)
        self._set_paid(payment)
        money._reconcile_pairs(pairs)

    def _set_paid(self, payment):
        """Note that a planned payment is done; where its payment is confirmed later, it is processing until then.

        :param payment: account.payment, or an empty one where other money paid it
        """
        for planned in self:
            values = {"payment_id": payment.id if payment else False, "next_attempt_date": False}
            values["failure_message"] = False
            if payment and payment.confirmation_state == "processing":
                planned._set_state("processing", **values)
            else:
                planned._set_state("done", **values)
            # The to-do is done by the user who paid, its assignee or not.
            planned.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            if planned.line_ids or not payment:
                text = self.env._(
                    "Planned payment %(number)s of %(date)s is done: %(payment)s, %(amount)s.",
                    number=planned.number,
                    date=planned.due_date,
                    payment=payment.display_name if payment else self.env._("other money"),
                    amount=planned.currency_id.format(planned.amount),
                )
            else:
                text = self.env._(
                    "Planned payment %(number)s of %(date)s was charged, but nothing is left of what it was to pay: "
                    "%(payment)s, %(amount)s, stays on the account as a deposit.",
                    number=planned.number,
                    date=planned.due_date,
                    payment=payment.display_name,
                    amount=payment.currency_id.format(payment.amount),
                )
            planned.move_id._note_planned(text)

    # -- what went wrong --------------------------------------------------------------------------------------------

    def _account_manager(self):
        """Who looks after the account: the document's salesperson, or the user who planned."""
        self.ensure_one()
        manager = self.move_id.invoice_user_id or self.create_uid
        return manager if manager.active and not manager.share else self.env.user

    def _fail(self, message):
        """Nothing was paid: try again by the company's policy, and tell the account manager."""
        self.ensure_one()
        company = self.company_id
        values = {"failure_message": message, "payment_id": False}
        if not self.is_coming:
            # Its payment was rejected, and its items may have been paid otherwise meanwhile.
            self.move_id._fit_schedule(extra=self)
        if self.state != "processing" or not self.transaction_id:
            values["attempt_count"] = self.attempt_count + 1
        attempts = values.get("attempt_count", self.attempt_count)
        again = attempts <= company.planned_retry_count and bool(self.line_ids)
        values["next_attempt_date"] = again and company._today() + timedelta(days=company.planned_retry_days)
        self._set_state("failed", **values)
        if again:
            then = self.env._("It is tried again on %s.", values["next_attempt_date"])
        else:
            then = self.env._("It is not tried again automatically.")
            self._ask_person(self.env._("Decide what becomes of it: try again, pay otherwise, or delete it."))
        # The account manager is notified, whoever runs this.
        self.move_id.sudo().message_post(
            body=self.env._(
                "Planned payment %(number)s of %(date)s (%(amount)s) failed: %(why)s %(then)s",
                number=self.number,
                date=self.due_date,
                amount=self.currency_id.format(self.amount),
                why=message,
                then=then,
            ),
            partner_ids=self._account_manager().partner_id.ids,
        )

    def _ask_person(self, note):
        """Make one to-do of a planned payment, for its account manager."""
        self.ensure_one()
        if self.activity_ids:
            return
        # The due run makes it for somebody else.
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=max(self.due_date, self.company_id._today()),
            summary=self.env._("%(planned_payment)s: %(amount)s", planned_payment=self.display_name,
                               amount=self.currency_id.format(self.amount)),
            note=note,
            user_id=self._account_manager().id,
        )  # fmt: skip
