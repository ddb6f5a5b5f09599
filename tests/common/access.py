"""A ledger and a user of each role, for tests of who may see and do what."""

from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, JsonRpcException

from .access_actions import ACTIONS, ROLES
from .reconciliation import ReconciliationCommon


class AccessCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {}
        for role, (groups, _rights) in ROLES.items():
            if role == "public":
                cls.users[role] = cls.env.ref("base.public_user")
                continue
            if role != "portal":
                groups = [*groups, "base.group_allow_export"]  # what is asked is whether ours can be exported
            cls.users[role] = cls.user_with(role.replace(" ", "."), *groups)
        # The client reads its own documents in the portal.
        cls.users["portal"].partner_id.parent_id = cls.family
        cls.mine = cls.ledger(cls.company_data, cls.family)

    @classmethod
    def ledger(cls, company_data, partner, is_mine=True):
        """A document of 170 in three items, 100 of it paid, and 30 of money that waits; and a run that is pending."""
        company = company_data["company"]
        env = cls.env(user=cls.env.ref("base.user_root"), context={"allowed_company_ids": company.ids})
        partner = partner.with_env(env)
        code, bank = company_data["default_account_revenue"], company_data["default_journal_bank"]
        with patch.multiple(cls, env=env, codes=[code] * 3, bank=bank):
            invoice = cls.document([75, 75, 20], partner=partner)
            payment = cls.register_payment(invoice, 100)
            deposit = cls.payment(30, partner=partner)
            run = env["account.reconciliation.run"]._start(company)
        items = invoice.reconciliation_item_ids.sorted("sequence")

        def applied():
            env.invalidate_all()
            return sum(invoice.reconciliation_line_ids.mapped("amount_currency"))

        def break_lines():
            env.cr.execute(
                "UPDATE account_reconciliation_line SET amount_currency = 20, amount = 20"
                " WHERE move_id = %s AND amount_currency = 25",
                [invoice.id],
            )
            env.invalidate_all(flush=False)

        def fresh(record, name):
            env.invalidate_all()
            return record[name]

        return SimpleNamespace(
            is_mine=is_mine,
            company=company.id,
            currency=company.currency_id.id,
            journal=bank.id,
            partner=partner.id,
            invoice=invoice.id,
            item=items[0].id,
            last_item=items[-1].id,
            item_line=items[0].move_line_id.id,
            owed_line=invoice._owed_lines().id,
            payment=payment.id,
            payment_move=payment.move_id.id,
            deposit_line=deposit.move_id._owed_lines().id,
            partial=invoice._partials_with(payment.move_id).id,
            run=run.id,
            applied=applied,
            break_lines=break_lines,
            run_state=lambda: fresh(run, "state"),
            state=lambda: fresh(invoice, "state"),
            moves=invoice | payment.move_id | deposit.move_id,
        )

    @contextmanager
    def undone(self):
        """Whatever happens in here is rolled back at the end."""
        savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        try:
            # The scheduled action commits its slices, which a test can't have.
            with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
                yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def orm(self, user, **context):
        """The route of a program: the ORM as a user, with the checks of a remote call."""
        env = self.env(user=user, su=False, context=context)

        def call(model, method, *args, **kwargs):
            env.invalidate_all()
            kwargs["context"] = {**context, **kwargs.get("context", {})}
            return call_kw(env[model], method, list(args), kwargs)

        return call

    # What is tried; a part of the addon with a table of its own names it here.
    actions = ACTIONS

    def assertCells(self, role, call):
        """Try every action as a role: it works where the table allows it, and is refused where not."""
        rights = ROLES[role][1]
        for name, (right, function) in self.actions.items():
            # Some actions are for two permissions, each by itself.
            needed = right if isinstance(right, set) else {right}
            with self.subTest(role=role, action=name), self.undone():
                try:
                    done = function(call, self.mine)
                except AccessError:
                    self.assertFalse(needed & rights, f"{role} may {right}, but “{name}” is refused")
                else:
                    self.assertTrue(needed & rights, f"{role} may not {right}, but “{name}” gave {done!r}")
                    self.assertTrue(done, f"{role}: “{name}” did nothing")


class AccessRpcCommon(AccessCommon, HttpCase):
    """The same by the route of the web client."""

    def rpc(self, model, method, *args, **kwargs):
        """The route of the web client; refusals come back as the exceptions that they were."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        try:
            return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params, timeout=60)
        except JsonRpcException as error:
            if str(error) in ("odoo.exceptions.AccessError", "odoo.http.SessionExpiredException"):
                raise AccessError(str(error)) from error
            raise

    def log_in(self, role):
        if role == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(self.users[role].login, self.users[role].login)
