"""What the headers of a table say of its columns, checked by what is below them."""

from .cells import is_account_cell, is_amount, is_currency, is_date, is_iban_cell, share, text_of
from .header_words import IGNORED, normalize, roles_of
from .mapping import HEADER_ROWS_MAX

_MONEY_ROLES = ("amount", "debit", "credit")
_NAME_ROLES = ("counterparty_name", "payer_name", "payee_name")
# Parts of headers of the day on which the bank booked, as against the day on which a card was used.
_BOOKED = ("book", "post", "buch", "compta", "contab", "boek", "ksieg", "bokf", "bogf", "kirjaus", "konyv", "zauct")


def find_header(rows, start=0):
    """Find the row of headers among the first rows: the one with most known headers, one of them a date or amount.

    :param rows: list of lists of cells
    :param start: index of the first row that may be it (int)
    :return: index of the row (int), or None
    """
    best, best_score = None, 1
    for index, row in enumerate(rows[start : start + HEADER_ROWS_MAX], start):
        roles = set()
        for cell in row[:80]:
            if isinstance(cell, str) and cell and len(cell) <= 80:
                roles.update(roles_of(cell)[0][:1])
        roles.discard(IGNORED)
        if (
            len(roles) > best_score
            and roles & {"date", "value_date"}
            and roles & {"amount", "debit", "credit", "label", "balance"}
        ):
            best, best_score = index, len(roles)
    return best


def count_known(text):
    """Count the known headers in the beginning of a text, whatever divides it: a wrong encoding has fewer."""
    count = 0
    for line in text.splitlines()[:HEADER_ROWS_MAX]:
        for delimiter in ";,\t|":
            if delimiter in line:
                cells = line.split(delimiter)
                count = max(count, sum(bool(roles_of(cell.strip(' "'))[0]) for cell in cells[:60]))
    return count


def _fits(role, cells):
    """Tell whether the contents of a column can be what its header says."""
    if not cells:
        return True
    if role in ("date", "value_date"):
        return share(cells, is_date) >= 0.5
    if role in ("amount", "debit", "credit", "balance", "original_amount", "fee"):
        return share(cells, is_amount) >= 0.5
    if role in ("currency", "original_currency"):
        return share(cells, is_currency) >= 0.5
    if role in _NAME_ROLES or role == "label":
        return share(cells, is_iban_cell) < 0.6 and share(cells, is_date) < 0.9
    if role in ("counterparty_account", "payer_account", "payee_account"):
        return share(cells, is_account_cell) > 0.4
    return True


def read_header(header, columns):
    """Read the headers, checked by what is below them.

    :param header: list of cells
    :param columns: ``Columns`` of the rows below
    :return: (dict of fields of the mapping, list of the columns that claim a role of money that another one has)
    """
    found, rivals, by_role = {"label": ()}, [], {}
    names = [roles_of(cell)[0] if isinstance(cell, str) and cell else () for cell in header[:60]]
    has_own = any("account" in roles for roles in names)
    for index, cell in enumerate(header[:60]):
        roles, currency = roles_of(cell) if isinstance(cell, str) and cell else ((), "")
        cells = columns.cells(index)
        role = next((role for role in roles if _fits(role, cells)), "")
        if not role and cells and share(cells, is_iban_cell) >= 0.6:
            is_own = not roles and not has_own and len(set(cells)) == 1 and len(columns.rows) > 1
            role = "account" if is_own else "counterparty_account"
        if role:
            by_role.setdefault(role, []).append(index)
        if currency and role in ("amount", "debit", "credit"):
            found.setdefault("account_currency", currency)
    for role, places in by_role.items():
        if role == "label":
            found["label"] = tuple(places)
        elif role == "date":
            booked = [place for place in places if any(part in normalize(str(header[place])) for part in _BOOKED)]
            found["date"] = (booked or [place for place in places if columns.is_full(place)] or places)[0]
        elif role in _MONEY_ROLES:
            filled = [place for place in places if columns.cells(place)] or places
            found[role] = filled[0]
            first = [text_of(row, filled[0]) for row in columns.rows]
            rivals += [place for place in filled[1:] if [text_of(row, place) for row in columns.rows] != first]
        elif role != IGNORED:
            found[role] = places[0]
    if "date" not in found and "value_date" in found:
        found["date"] = found.pop("value_date")
    has_other = found.keys() & {"counterparty_account", "payer_account", "payee_account"}
    if "account" in found and not has_other and _is_of_others(found, columns):
        found["counterparty_account"] = found.pop("account")
    return found, rivals


def _is_of_others(found, columns):
    """Tell whether a column of account numbers ("IBAN") changes with the other party, so is not the own account."""
    names = next((columns.different(found[role]) for role in _NAME_ROLES if role in found), [])
    accounts = columns.different(found["account"])
    return len(accounts) > 1 and len(names) > 1 and len(accounts) * 2 >= len(names)


def one_counterparty(found):
    """Payer and payee go by direction; one of them alone, or beside a column for both, is simply the counterparty."""
    for part in ("name", "account"):
        payer, payee, both = f"payer_{part}", f"payee_{part}", f"counterparty_{part}"
        if both in found:
            found.pop(payer, None)
            found.pop(payee, None)
        elif (payer in found) != (payee in found):
            found[both] = found.pop(payer if payer in found else payee)
    return found
