"""Whatever a remote call brings, whoever makes it: an answer that tells nothing of others, or a sentence; and a call
that is refused writes nothing.

The methods are found by asking the registry, so a new one is covered by itself. HOSTILE=all tries everything with
everything, and ten times as many of these calls by the three protocols; without it each run tries every method as every
role, with a share of the nasty values.
"""

import json
import os
import xmlrpc.client
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from random import Random
from unittest.mock import patch
from xml.parsers.expat import ExpatError

from odoo import fields
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common.hostile import (
    MARK_A,
    MARK_B,
    NASTY,
    NASTY_IDS,
    OUTSIDERS,
    ROLES,
    HostileCommon,
    is_in_addon,
    is_raised_in_addon,
    own_models,
)
from .common.hostile import public_methods as find_methods

ALL = os.environ.get("HOSTILE") == "all"
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
# One in so many nasty values is tried on each argument where not all are.
SHARE = 1 if ALL else 24
THOROUGH = ("accountant", "admin")
SENTENCES = ("odoo.exceptions.", "odoo.addons.account_reconciliation.models.common.exceptions.")
QUIET = ("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models", "odoo.addons.rpc.controllers",
         "odoo.addons.account_reconciliation.models.planned_payments.account_planned_payment_charge",
         "odoo.addons.account_reconciliation.statement_formats")  # fmt: skip


class HostileCase(HostileCommon):
    def setUp(self):
        super().setUp()
        self.random = Random(SEED)
        self.found = []
        self.known = {}
        self.good, self.good_of_theirs = self.good_arguments(self.mine), self.good_arguments(self.theirs)
        # Printing takes a second each time, and a scheduled action commits.
        for target, name, value in (
            ("account.bank.reconciliation.snapshot", "_render", lambda _self: b"%PDF"),
            ("account.ledger.snapshot", "_render", lambda _self: b"%PDF"),
            ("ir.cron", "_commit_progress", lambda _self, *_args, **_kwargs: 0.0),
        ):
            patcher = patch.object(type(self.env[target]), name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def some(self, values):
        return values if SHARE == 1 else self.random.sample(values, max(2, len(values) // SHARE))

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint()
        self.env.invalidate_all()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def argument_sets(self, role, names):
        """Sets of arguments: one that makes sense, each argument nasty, all of them nasty, other companies' ids."""
        good, theirs = self.good, self.good_of_theirs
        usual = {name: good[name] for name in names if name in good}
        yield usual
        if not names:
            yield {"surprise": 1}
            return
        yield {name: theirs[name] for name in names if name in theirs}
        for name in names:
            if name in theirs:
                yield usual | {name: theirs[name]}
        # Users who may call nothing are refused before the arguments are looked at.
        for name in names if ALL or role in THOROUGH else ():
            for value in self.some(NASTY):
                yield usual | {name: value}
        for value in self.some(NASTY):
            yield dict.fromkeys(names, value)

    def calls(self, role):
        """All calls as a role: (model, method, whether it is ours, ids, arguments)."""
        user = self.users[role]
        for model, method, names, is_ours in find_methods(self.env):
            mine, theirs = self.ids_of(model, user)
            usual = next(self.argument_sets(role, names))
            for ids in (
                mine,
                mine[:1],
                theirs[:1],
                mine[:1] + theirs[:1],
                *self.some(NASTY_IDS)[: None if ALL or role in THOROUGH else 1],
            ):
                yield model, method, is_ours, ids, usual
            for arguments in self.argument_sets(role, names):
                yield model, method, is_ours, mine[:1], arguments

    def ids_of(self, model, user):
        """Ids of a model in company A, a dialog of the user's own where it is one, and in company B."""
        if (model, user) not in self.known:
            try:
                with self.env.cr.savepoint():
                    mine = self.records(self.mine, model, user).ids
            except UserError:
                mine = []  # a dialog that this role can't open
            self.known[model, user] = mine, self.records(self.theirs, model, self.env.user).ids
        return self.known[model, user]

    def assertSilent(self, role, what, answer):
        """No result contains anything of company B, and for outsiders nothing of company A."""
        if MARK_B in answer or (role in OUTSIDERS and MARK_A in answer):
            self.found.append(f"{role} was given by {what}: {answer[:300]}")

    def assertNothingFound(self):
        self.assertFalse(self.found, f"{len(self.found)} findings:\n" + "\n".join(dict.fromkeys(self.found)))


@tagged("post_install", "-at_install")
class TestHostileCalls(HostileCase):
    """Through the ORM's method for remote calls, where thousands of calls take seconds."""

    def attempt(self, role, model, method, ids, arguments, is_finding):
        env = self.env(user=self.users[role], su=False, context={})
        what = f"{model}.{method}({ids!r:.80}, {arguments!r:.200})"
        is_model = getattr(getattr(type(env[model]), method), "_api_model", False)
        with self.undone():
            try:
                answer = call_kw(env[model], method, [] if is_model else [ids], dict(arguments))
                if role != "accountant":
                    env.flush_all()
            except UserError as error:
                answer = str(error)
                if "Traceback" in answer:
                    self.found.append(f"{role} got a traceback from {what}")
            except Exception as error:  # which kinds leave a method is what is asked
                answer = repr(error)
                if is_finding(error):
                    self.found.append(f"{role} got {type(error).__name__} from {what}: {answer[:200]}")
            self.assertSilent(role, what, repr(answer))

    def is_ours(self, _error):
        """What leaves a method that the addon has brought is its own, wherever it was raised."""
        return True

    def is_in_override(self, ids, error):
        """What an override of Odoo's method fails at, but for ids that no record has: the ORM fails at those in
        whatever reads a field first, with the addon or without it."""
        return all(type(one) is int for one in ids) and is_in_addon(error)

    @mute_logger(*QUIET)
    def test_every_method_as_every_role(self):
        methods = find_methods(self.env)
        self.assertGreater(len(methods), 100)
        for role in ROLES:
            for model, method, is_ours, ids, arguments in self.calls(role):
                is_finding = self.is_ours if is_ours else partial(self.is_in_override, ids)
                self.attempt(role, model, method, ids, arguments, is_finding)
        self.assertNothingFound()

    @mute_logger(*QUIET)
    def test_every_field_of_our_models_as_every_role(self):
        """The ORM refuses what is no value of a field, in its own words; what gets past it meets our constraints."""
        for role, user in self.users.items():
            for model in own_models(self.env):
                writable = [
                    name for name, field in self.env[model]._fields.items()
                    if name not in MAGIC_COLUMNS and (field.store or not field.readonly)
                ]  # fmt: skip
                mine, theirs = self.ids_of(model, user)
                values = self.dialog_values(self.mine, model)
                attempt = partial(self.attempt, role, model, is_finding=is_raised_in_addon)
                for name in writable if ALL or role in THOROUGH else writable[:1]:
                    for value in self.some(NASTY)[: None if ALL else 1]:
                        nasty = values | {name: value}
                        shown = {"values": nasty, "field_names": [name], "fields_spec": {name: {}}}
                        attempt(method="create", ids=[], arguments={"vals_list": [nasty]})
                        attempt(method="write", ids=mine, arguments={"vals": {name: value}})
                        attempt(method="onchange", ids=[], arguments=shown)
                attempt(method="read", ids=theirs, arguments={"fields": writable})
                attempt(method="search_read", ids=[], arguments={"domain": [], "fields": writable})
                attempt(method="export_data", ids=theirs, arguments={"fields_to_export": writable})
        self.assertNothingFound()

    @mute_logger(*QUIET)
    def test_dialogs_filled_in_nastily(self):
        """What is typed into a dialog's fields, then each of its buttons."""
        user = self.users["accountant"]
        for model in own_models(self.env):
            cls = self.env[model]
            buttons = [method for of, method, names, _ours in find_methods(self.env) if of == model and not names]
            if not cls._transient or not buttons:
                continue
            amounts = [name for name, field in cls._fields.items() if field.type in ("float", "monetary", "integer")]
            texts = [name for name, field in cls._fields.items() if field.type in ("char", "text")]
            for names, nasty in ((amounts, [-5, 0, 1e-9, 1e14, 1e308, float("nan"), float("inf")]),
                                 (texts, ["\u202e", "x" * 20000, "<b>", "%s", "(a+)+$"])):  # fmt: skip
                for name in names:
                    for value in nasty if ALL else self.random.sample(nasty, 2):
                        with self.undone():
                            try:
                                dialog = cls.with_user(user).create(
                                    self.dialog_values(self.mine, model) | {name: value}
                                )
                            except Exception as error:
                                if is_raised_in_addon(error) and not isinstance(error, UserError):
                                    self.found.append(f"create {model} {name}={value!r:.30}: {error!r:.200}")
                                continue
                            for button in buttons:
                                self.attempt("accountant", model, button, dialog.ids, {}, self.is_ours)
        self.assertNothingFound()


@tagged("post_install", "-at_install")
class TestHostileProtocols(HostileCase, HttpCase):
    """By each of the three protocols: kinds of errors, leaks, and that a refused call writes nothing."""

    def tables(self):
        """What shows every change: how many rows a table has, and a sum of hashes of all of them."""
        names = {self.env[model]._table for model in own_models(self.env) if self.env[model]._auto
                 and not self.env[model]._table_query}  # fmt: skip
        names |= {"account_move", "account_move_line", "account_payment", "account_partial_reconcile", "res_partner",
                  "account_full_reconcile", "account_bank_statement", "account_bank_statement_line", "ir_attachment",
                  "account_reconcile_model", "mail_message", "mail_activity", "account_journal"}  # fmt: skip
        self.env.cr.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', count(*), sum(hashtextextended(t::text, 0)) FROM {name} t" for name in sorted(names)
            )
        )
        # PostgreSQL may count several tables at once: the rows have no order.
        return {name: figures for name, *figures in self.env.cr.fetchall()}

    def setUp(self):
        super().setUp()
        self.env.cr.execute("SET LOCAL jit = off")  # compiling takes longer than counting

    def rows_written(self):
        """How many rows this transaction has written by now, also those that were rolled back."""
        self.env.cr.execute("""
            SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                       + pg_stat_get_xact_tuples_deleted(oid))
              FROM pg_class
             WHERE relkind = 'r'
        """)
        return self.env.cr.fetchone()[0]

    def attempt_all(self, role, protocol, calls):
        """Try calls one by one; each is rolled back, so that all of them begin with the same tables."""
        self.env.flush_all()
        was = self.tables()
        for call in calls:
            self.attempt(role, protocol, was, *call)

    def attempt(self, role, protocol, was, model, method, is_ours, ids, arguments):
        what = f"{protocol.__name__} {model}.{method}({ids!r:.80}, {arguments!r:.200})"
        with self.undone():
            written = self.rows_written()
            kind, answer = protocol(role, model, method, ids, arguments)
            # A call that has written no row at all needs no look at the tables.
            is_asked = kind in ("refused", "crash") and self.rows_written() != written
            now = self.tables() if is_asked else was
            changed = [name for name in was if was[name] != now[name]]
            if changed:
                self.found.append(f"{role}: {what} was refused and has written {changed}")
            if kind in ("crash", "nothing") and is_ours:
                self.found.append(f"{role} got a crash from {what}: {answer[-300:]}")
            self.assertSilent(role, what, answer)

    def by_json_rpc(self, role, model, method, ids, arguments):
        self.log_in(role)
        args = [] if getattr(getattr(type(self.env[model]), method), "_api_model", False) else [ids]
        params = {"model": model, "method": method, "args": args, "kwargs": arguments}
        response = self.opener.post(
            f"{self.base_url()}/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        if response.status_code == 500 and response.text[:1] != "{":
            return "crash", f"no answer: {response.text[:200]}"
        error = response.json().get("error")
        if not error:
            return None, response.text
        name = error["data"]["name"]
        is_sentence = name.startswith(SENTENCES) or name == "odoo.http.SessionExpiredException"
        # The web client gets the traceback of every error beside it; a user is shown the message.
        answer = error["data"]["message"]
        return "refused" if is_sentence else "crash", f"{name}: {answer}"

    def by_json_2(self, role, model, method, ids, arguments):
        is_model = getattr(getattr(type(self.env[model]), method), "_api_model", False)
        response = self.opener.post(
            f"{self.base_url()}/json/2/{model}/{method}",
            data=json.dumps(arguments if is_model else {"ids": ids, **arguments}),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.keys[role]}"},
            timeout=60,
        )
        if response.ok:
            return None, response.text
        name = response.json().get("name", "")
        is_sentence = name.startswith((*SENTENCES, "werkzeug.exceptions."))
        return "refused" if is_sentence and response.status_code < 500 else "crash", response.json()["message"]

    def by_xml_rpc(self, role, model, method, ids, arguments):
        user = self.users[role]
        args = [] if getattr(getattr(type(self.env[model]), method), "_api_model", False) else [ids]
        try:
            answer = self.xmlrpc_object.execute_kw(get_db_name(), user.id, user.login, model, method, args, arguments)
        except xmlrpc.client.Fault as fault:
            if "cannot marshal None" in fault.faultString:
                return "nothing", fault.faultString  # done all the same, whoever reads the answer
            return "crash" if fault.faultCode == 1 else "refused", fault.faultString
        return None, repr(answer)

    def is_xml(self, ids, arguments):
        """Whether XML-RPC can carry a call at all: it knows no None, no large numbers, no control characters."""
        try:
            xmlrpc.client.loads(xmlrpc.client.dumps((ids, arguments), "call").encode())
        except (TypeError, OverflowError, UnicodeError, ExpatError):
            return False
        return True

    def log_in(self, role):
        if getattr(self, "logged_in", None) != role:
            login = None if role == "public" else self.users[role].login
            self.authenticate(login, login)
            self.logged_in = role

    def some_calls(self, role, count):
        """For each method a few of its calls, always that with another company's ids."""
        calls = {}
        for call in self.calls(role):
            calls.setdefault(call[:2], []).append(call)
        for of_method in calls.values():
            yield of_method[2]
            yield from self.random.sample(of_method, min(10 * count if ALL else count, len(of_method)))

    @mute_logger(*QUIET)
    def test_json_rpc(self):
        for role in ROLES:
            self.attempt_all(role, self.by_json_rpc, list(self.some_calls(role, 1)))
        self.assertNothingFound()

    @mute_logger(*QUIET)
    def test_json_2(self):
        self.keys = {
            role: self.env["res.users.apikeys"].with_user(user).sudo()._generate(
                None, "hostile", fields.Datetime.now() + timedelta(days=1))
            for role, user in self.users.items()
        }  # fmt: skip
        for role in ROLES if ALL else ("accountant", "no role", "portal"):
            self.attempt_all(role, self.by_json_2, list(self.some_calls(role, 1)))
        self.assertNothingFound()

    @mute_logger(*QUIET)
    def test_xml_rpc(self):
        for role in ROLES if ALL else ("accountant", "no role", "portal"):
            calls = [call for call in self.some_calls(role, 1) if self.is_xml(*call[-2:])]
            self.attempt_all(role, self.by_xml_rpc, calls)
        self.assertNothingFound()
