"""The full world: the wide one, and returns, short payments, deposit slips, advice and deposits."""

from .wide import WideWorld


class FullWorld(WideWorld):
    """What :class:`WideWorld` has, with returned payments, policies for differences, disputes, deposit slips and
    payment batches, deposits to clients' accounts and remittance advice."""

    name = "full"
    summary = (
        WideWorld.summary + "; payments returned whole, in part and several at once, with fees and charges to "
        "clients, differences written off by policies, disputes, deposit slips and payment batches with parts missing, "
        "deposits to clients' accounts, remittance advice"
    )

    def _make_means(self, env, company, made):
        result = super()._make_means(env, company, made)
        account = env["account.account"].browse(made.writeoff)
        presets = env["account.reconcile.model"]
        differences = self._preset(presets, company, "Payment differences", account, {})
        made.presets.append(differences.id)
        made.difference_preset = differences.id
        product = env["product.product"].create({
            "name": "Returned payment", "type": "service", "property_account_income_id": made.codes[0],
            "taxes_id": [(5,)],
        })  # fmt: skip
        is_first = company.currency_id.name == self.own_currencies[0]
        company.write({
            "return_fee_id": made.presets[0],
            "return_charge": "fee" if is_first else "fixed",
            "return_charge_amount": 5,
            "return_charge_product_id": product.id,
        })  # fmt: skip
        for side in ("customer", "supplier"):
            for kind in ("under", "over"):
                env["account.difference.policy"].create({
                    "company_id": company.id, "currency_id": company.currency_id.id, "side": side, "kind": kind,
                    "amount_max": 2, "percent_max": 3, "preset_id": differences.id, "reason": "rounding",
                    "is_automatic": kind == "under", "on_reconcile_account": False,
                })  # fmt: skip
        return result
