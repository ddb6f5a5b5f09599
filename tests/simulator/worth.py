"""What the items of a document are worth, worked out of its entry: the rule of the second bookkeeping.

An item is worth what its own line books, and its part of the document's tax lines. How much tax each item asks for is
what Odoo's own computation of taxes says of the net that is booked. Each is rounded; what the tax line has more or less
is given out in whole units, in proportion, what is odd to the largest first.
"""

from collections import defaultdict, namedtuple
from decimal import ROUND_HALF_UP, Decimal

ZERO, ONE = Decimal(0), Decimal(1)

# In the document's currency, and in the company's.
Worth = namedtuple("Worth", "net total company_net company_total")


class Taxes:
    """What the taxes of the world ask of a net amount.

    :param env: environment that sees all taxes
    """

    def __init__(self, env):
        self.env = env
        self._of_set = {}
        self._repartitions = {}

    def repartition(self, repartition_id):
        """``(tax id, part of the tax, whether it is booked on an account of its own)``."""
        if repartition_id not in self._repartitions:
            line = self.env["account.tax.repartition.line"].browse(repartition_id)
            part = Decimal(str(line.factor_percent)) / 100
            self._repartitions[repartition_id] = (line.tax_id.id, part, bool(line.account_id))
        return self._repartitions[repartition_id]

    def of(self, line, net):
        """``{tax id: unrounded tax}`` of a line, by Odoo's computation."""
        key = (tuple(line.tax_ids or ()), net, line.quantity, line.price_unit < 0)
        if not key[0]:
            return {}
        if key not in self._of_set:
            taxes = self.env["account.tax"].browse(key[0])
            quantity = float(line.quantity)
            price = float(net) / quantity
            details = taxes._get_tax_details(
                # A price of nothing has the sign of the price that was typed in.
                price or (-1e-12 if line.price_unit < 0 else 0.0),
                quantity,
                rounding_method="round_globally",
                special_mode="total_excluded",
            )
            result = defaultdict(Decimal)
            for one in details["taxes_data"]:
                if not one.get("is_reverse_charge"):
                    result[one["tax"].id] += Decimal(str(round(one["tax_amount"], 9)))
            self._of_set[key] = dict(result)
        return self._of_set[key]


def _rounded(amount, step):
    return (amount / step).quantize(ONE, ROUND_HALF_UP) * step


def give_out(wanted, total, factors, step):
    """Amounts that add up to a total: each rounded, the difference in whole units, in proportion, largest first.

    :param wanted: ``{key: unrounded amount}``, in the order that decides between equals
    :param factors: ``{key: factor}``
    :return: ``{key: amount}``
    """
    result = {key: _rounded(amount, step) for key, amount in wanted.items()}
    difference = total - sum(result.values(), ZERO)
    unit = step if difference > 0 else -step
    units = odd = int(abs(difference) / step)
    whole = sum(map(abs, factors.values()), ZERO)
    largest = sorted(result, key=lambda key: -abs(factors[key]))
    for key in largest:
        part = abs(factors[key]) / whole if whole else ONE / len(largest)
        some = min(odd, int((part * units).quantize(ONE, ROUND_HALF_UP)))
        result[key] += some * unit
        odd -= some
    for key in largest[:odd]:
        result[key] += unit
    return result


def worth_of(lines, direction, steps, taxes):
    """What each item of a document is worth.

    :param lines: all lines of its entry
    :param direction: 1 where its total is a debit, else -1
    :param steps: the smallest amount of its currency, and of the company's; the second is None where they are the same
    :param taxes: :class:`Taxes`
    :return: ``{line id: Worth}``; None where the lines don't add up to what is owed
    """
    step, company_step = steps
    items, tax_lines, owed = [], [], ZERO
    for line in sorted(lines, key=lambda line: (line.sequence, line.id)):
        if is_item(line):
            items.append(line)
        elif line.display_type in ("tax", "rounding"):
            tax_lines.append(line)
        elif line.display_type == "payment_term":
            owed += direction * line.amount_currency
    net = {line.id: -direction * line.amount_currency for line in items}
    company_net = {line.id: -direction * line.balance for line in items}
    asked = {line.id: taxes.of(line, net[line.id]) for line in items}
    total, company_total = dict(net), dict(company_net)
    levied_by_tax = _levied_by_tax(items, tax_lines, asked, taxes)
    for tax_key, levied in levied_by_tax.items():
        amount = -direction * sum((line.amount_currency for line in levied), ZERO)
        balance = -direction * sum((line.balance for line in levied), ZERO)
        wanted = _wanted(tax_key, levied_by_tax, items, asked, taxes)
        factors = wanted
        if not any(wanted.values()):
            wanted, factors = dict.fromkeys(net, ZERO), net
        for key, part in give_out(wanted, amount, factors, step).items():
            total[key] += part
        if company_step:
            rate = balance / amount if amount else ZERO
            wanted = {key: part * rate for key, part in wanted.items()}
            for key, part in give_out(wanted, balance, factors, company_step).items():
                company_total[key] += part
    if not company_step:
        company_total = total
    if sum(total.values(), ZERO) != owed:
        return None
    return {key: Worth(net[key], total[key], company_net[key], company_total[key]) for key in net}


def is_item(line):
    """Whether a line of a document is an item: what it sells or buys, or a rounding that is no part of a tax."""
    return line.display_type == "product" or line.display_type == "rounding" and not line.tax_repartition_line_id


def _levied_by_tax(items, tax_lines, asked, taxes):
    """The tax lines that are shared together: ``{(repartition id, account of the items or None): lines}``.

    A part of a tax without an account of its own is booked on the items' ledger codes, and shared by code.
    """
    levied_by_tax = defaultdict(list)
    for line in tax_lines:
        tax_id, _part, has_account = taxes.repartition(line.tax_repartition_line_id)
        is_of_code = not has_account and any(
            item.account_id == line.account_id and tax_id in asked[item.id] for item in items
        )
        levied_by_tax[line.tax_repartition_line_id, line.account_id if is_of_code else None].append(line)
    return levied_by_tax


def _wanted(tax_key, levied_by_tax, items, asked, taxes):
    """What each item asks of tax lines: ``{line id: unrounded amount}`` of the items that have the tax.

    A tax line on a ledger code that no item has any more is asked for by the items whose code has no tax line, if any.
    """
    repartition_id, account_id = tax_key
    tax_id, part, has_account = taxes.repartition(repartition_id)
    wanting = [item for item in items if tax_id in asked[item.id] and account_id in (None, item.account_id)]
    if account_id is None and not has_account:
        without = [item for item in wanting if (repartition_id, item.account_id) not in levied_by_tax]
        wanting = without or wanting
    return {item.id: asked[item.id][tax_id] * part for item in wanting}
