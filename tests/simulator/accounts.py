"""The world of accounts to reconcile: the wide one, and clearing accounts beside what clients and vendors owe."""

from contextlib import contextmanager
from unittest.mock import patch

from .wide import WideWorld


class AccountsWorld(WideWorld):
    """What :class:`WideWorld` has, with accounts that are reconciled by their page and rules, proofs, and closing
    checklists."""

    name = "accounts"
    summary = (
        WideWorld.summary
        + "; clearing accounts reconciled by hand, by suggestion, with their difference, by rules, and "
        "undone; proofs prepared, reviewed and opened again; closing checklists"
    )

    def _make_accounts(self, env, company, made):
        result = super()._make_accounts(env, company, made)
        clearing = self._account(env, company, "asset_current")
        made.clearing = [
            clearing.copy({"name": name, "code": f"1999{number}0", "reconcile": True}).id
            for number, name in enumerate(("Card clearing", "Payroll"))
        ]
        return result

    @contextmanager
    def running(self):
        snapshot = type(self.root["account.ledger.snapshot"])
        with super().running(), patch.object(snapshot, "_render", lambda _self: b"%PDF-1.4 simulated"):
            yield
