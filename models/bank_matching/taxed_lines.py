"""The journal items of an amount that includes its taxes, by Odoo's own computation."""

from odoo.fields import Command


def taxed_lines(env, company, currency, account_line, amount, rate):
    """The base item and the tax items of an amount that includes its taxes.

    :param env: the environment
    :param company: res.company whose taxes they are
    :param currency: res.currency of the amount
    :param account_line: :class:`~.booking.AccountLine`
    :param amount: float, signed as the journal item
    :param rate: how much of the currency one unit of company currency is
    :return: list of values of account.move.line, the base item first
    """
    tax_model = env["account.tax"]
    taxes, partner = account_line.taxes, account_line.partner
    base = tax_model._prepare_base_line_for_taxes_computation(
        {},
        tax_ids=taxes,
        quantity=1.0,
        price_unit=amount,
        currency_id=currency,
        rate=rate,
        special_mode="total_included",
        account_id=account_line.account,
        partner_id=partner,
        analytic_distribution=account_line.analytic_distribution,
        is_refund=amount < 0 if taxes[:1].type_tax_use == "purchase" else amount > 0,
    )
    tax_model._add_tax_details_in_base_lines([base], company)
    tax_model._round_base_lines_tax_details([base], company)
    tax_model._add_accounting_data_in_base_lines_tax_details([base], company, include_caba_tags=True)
    found = tax_model._prepare_tax_lines([base], company)
    common = {"partner_id": partner.id, "currency_id": currency.id}
    values = {
        **common,
        "name": account_line.label,
        "account_id": account_line.account.id,
        "analytic_distribution": account_line.analytic_distribution,
        "tax_ids": [Command.set(taxes.ids)],
        **found["base_lines_to_update"][0][1],
    }
    return [values] + [{**tax, **common} for tax in found["tax_lines_to_add"]]


def settle_rounding(made, company_currency, balance, currency, amount):
    """Add the rounding difference to the first of these items, so that they add up to the whole.

    :param made: list of values as :func:`taxed_lines` gives
    :param company_currency: res.currency of ``balance``, a Decimal
    :param currency: res.currency of ``amount``, a Decimal
    :return: list of values in the same order
    """
    first = dict(made[0])
    for name, of, whole in (("balance", company_currency, balance), ("amount_currency", currency, amount)):
        left = whole - sum(of._exact(values[name]) for values in made)
        first[name] = of.round(first[name] + float(left))
    return [first, *made[1:]]
