import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ...statement_formats.amounts import detect_decimal, written_amount
from ...statement_formats.errors import StatementFormatError

# More than any ledger has, and far less than the limit at which rounding a float fails.
AMOUNT_MAX = 10**18
# An amount as users type it into a search box: a sign, digits, and the decimal and thousands marks of any country.
_TYPED = re.compile(r"[-−+]?([\d.,'’]+)", re.ASCII)


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _exact(self, amount):
        """A float amount as an exact decimal, in this currency's digits.

        :param amount: float or Decimal, in this currency
        :return: Decimal
        :raise UserError: where it is not an amount (NaN, infinity, 1e300), as a program may send
        """
        self.ensure_one()
        if not isfinite(amount) or abs(amount) >= AMOUNT_MAX:
            raise UserError(self.env._("“%s” is not an amount. Enter a number.", amount))
        if isinstance(amount, Decimal):
            return amount.quantize(Decimal(1).scaleb(-self.decimal_places), rounding=ROUND_HALF_UP)
        return Decimal(float_repr(self.round(amount), self.decimal_places))

    def _typed_amount(self, text):
        """The amount that a search text means, without its sign, with any decimal mark.

        :param text: str such as ``1234.5``, ``1.234,50``, ``-60``; "1,234" is a thousand, unless the currency has mills
        :return: float in this currency, or None where it is not an amount
        """
        self.ensure_one()
        typed = _TYPED.fullmatch(text)
        if not typed:
            return None
        try:
            decimal = detect_decimal([typed[1]])
            if decimal == "":
                mark = "," if "," in typed[1] else "."
                decimal = mark if self.decimal_places == 3 else ".,".replace(mark, "")
            return self.round(float(written_amount(typed[1], decimal or ".")))
        except StatementFormatError:
            return None

    def _format_totals(self, totals):
        """Amounts in several currencies as one text, in the style of every other amount.

        A code is added where the sign does not tell two currencies apart: two dollars, or another one than the
        company's.

        :param totals: ``{currency id: amount}``
        :return: str
        """
        currencies = self.browse(sorted(totals)).filtered(lambda currency: not currency.is_zero(totals[currency.id]))
        signs = Counter((currencies | self.env.company.currency_id).mapped("symbol"))
        return ", ".join(
            currency.format(totals[currency.id]) + (f" {currency.name}" if signs[currency.symbol] > 1 else "")
            for currency in currencies
        )
