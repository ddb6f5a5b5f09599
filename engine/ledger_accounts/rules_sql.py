"""The open lines that a rule of an account may take, in the order in which ``pairing.py`` takes them: SQL text."""

from odoo.tools import SQL

from .open_lines_sql import ORDER, PARTNER, PRODUCT, REFERENCE, SEPARATOR, key_of

# The first word of a label that has a digit and four characters: an order, payout or payroll number.
WORD = r"(?:^|\s)((?=\S*\d)\S{4,})"


def rule_key(same: list[str], order: SQL | None = None) -> SQL:
    """What two lines must share, as one text; NULL where a line lacks any of it.

    :param same: names of ``partner``, ``reference``, ``order``, ``product``, ``word``
    """
    parts = []
    for name in same:
        if name == "word":
            parts.append(SQL("UPPER(LEFT(SUBSTRING(line.name FROM %s), 100))", WORD))
        elif name == REFERENCE:
            parts.append(key_of(REFERENCE))
        elif name in (PARTNER, ORDER, PRODUCT):
            parts.append(key_of(name, order))
    if not parts:
        return SQL("''::text")
    joined = parts[0]
    for part in parts[1:]:
        joined = SQL("%s || %s || %s", joined, SEPARATOR, part)
    return joined


def label_condition(text: str) -> SQL:
    """What a line must have whose label, reference or entry has a text in it."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return SQL("(line.name ILIKE %(pattern)s OR line.ref ILIKE %(pattern)s)", pattern=pattern)


def rule_lines(lines: SQL, key: SQL) -> SQL:
    """The open lines that have what a rule asks for.

    A line whose open amounts have no worth, or opposite signs in its two currencies, is left to a person.

    :param lines: what ``open_lines_sql.open_lines`` gives
    :param key: what :func:`rule_key` gives
    :return: a query of ``(id, date, currency_id, amount, key, company_id)``, the amount as text, which is exact, by
        key, currency, date and id; only of keys that have debits and credits
    """
    return SQL(
        """
        SELECT id, date, currency_id, amount::text, key, company_id
          FROM (SELECT id, date, currency_id, amount, key, company_id,
                       MAX(amount) OVER same > 0 AND MIN(amount) OVER same < 0 AS has_both
                  FROM (SELECT line.id, line.date, line.currency_id, line.amount_residual_currency AS amount,
                               %(key)s AS key, line.company_id,
                               line.amount_residual * line.amount_residual_currency > 0 AS is_usual
                               %(lines)s) AS open_line
                 WHERE key IS NOT NULL AND is_usual
                WINDOW same AS (PARTITION BY key, currency_id)) AS keyed
         WHERE has_both
         ORDER BY key, currency_id, date, id
        """,
        key=key,
        lines=lines,
    )
