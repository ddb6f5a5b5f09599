"""What each item of a document is worth, with its taxes, as the entry has booked it: SQL text, set-based.

*Net* is what the item's own journal item books. *Tax* is its part of the document's tax lines, however they came about:
rounded per line or for the whole document, rounded to cash on the biggest tax, or typed in by hand. So the items' net
is the ledger's balance of each ledger code, and their taxes are the tax lines, to the cent.

*How a tax line is shared.* What the tax is of each item follows from the definition of the tax, on the net that is
booked, as ``account.tax._get_tax_details`` does it; the price that it was typed in (tax included or not) makes no
difference there. It is linear in the net and the quantity, so its factors are computed once a set of taxes, not once an
item: a ledger of a million documents has some dozens of sets. Each item's tax is rounded, and what the tax line has
more or less is shared as ``account.tax._distribute_delta_amount_smoothly`` does it: in proportion to the taxes, in
whole units of the currency, the odd units to the largest first. That is a cent for a rounding difference, and the
discount's part where an early-payment discount lowers the tax.

*What is passed over.* The lines that Odoo books in pairs on top of an invoice (the discount allocated to an account of
its own, early-payment discount, private part, cost of goods) add up to zero, and change no item. Where an entry's other
lines don't, as in other systems' imports, the items are worth their prices if these add up to what is owed; otherwise
the rest is shared in proportion, so that the items add up to it.
"""

from odoo.tools import SQL

from ..common.odoo_types import DOCUMENT_TYPES, INBOUND_TYPES
from ..common.rounding_sql import rounded


def _distribute(given: SQL) -> SQL:
    """Bring amounts that are rounded one by one to a total, as ``account.tax._distribute_delta_amount_smoothly`` does.

    :param given: a query of ``(sum_id, line_id, place, amount, factor, target, step)``: the amounts of each sum are to
        add up to its target; ``place`` decides ties between equal factors
    :return: a query of ``(sum_id, line_id, amount)``
    """
    return SQL(
        """
        SELECT sum_id, line_id,
               amount + SIGN(delta) * step * (taken + CASE WHEN rank <= odd THEN 1 ELSE 0 END)
               -- An amount with more digits than its currency has: the largest takes what is less than a unit.
               + CASE WHEN rank = 1 THEN delta - SIGN(delta) * step * units ELSE 0 END AS amount
          FROM (
                SELECT wanted.*, LEAST(units, SUM(wish) OVER largest) - LEAST(units, SUM(wish) OVER largest - wish)
                       AS taken, units - LEAST(units, SUM(wish) OVER whole) AS odd
                  FROM (
                        SELECT weighed.*, ROUND(ABS(delta) / step) AS units,
                               ROUND(ROUND(ABS(delta) / step)
                                     * CASE WHEN factors = 0 THEN 1.0 / parts ELSE ABS(factor) / factors END) AS wish
                          FROM (
                                SELECT given.*, target - SUM(amount) OVER whole AS delta,
                                       SUM(ABS(factor)) OVER whole AS factors, COUNT(*) OVER whole AS parts,
                                       ROW_NUMBER() OVER (
                                           PARTITION BY sum_id ORDER BY ABS(factor) DESC, place, line_id
                                       ) AS rank
                                  FROM (%(given)s) AS given
                                WINDOW whole AS (PARTITION BY sum_id)
                               ) AS weighed
                       ) AS wanted
                WINDOW largest AS (PARTITION BY sum_id ORDER BY rank), whole AS (PARTITION BY sum_id)
               ) AS shared
        """,
        given=given,
    )


# The factors of each tax in each set of taxes: tax = net * per_net + quantity * per_unit. A tax that affects the base
# of those after it is in what they are computed on; a tax that is included in the price is computed before those that
# are added to it, so only fixed and other included taxes are in its base.
_TAX_FACTORS = SQL(
    """
    known_set AS (
        SELECT DISTINCT taxes FROM tax_set
    ), listed_tax AS MATERIALIZED (
        SELECT known_set.taxes, tax.id AS tax_id, tax.include_base_amount IS TRUE AS affects,
               tax.is_base_affected IS NOT FALSE AS is_affected,
               COALESCE(tax.price_include_override, company.account_price_include) = 'tax_included'
               AND tax.amount_type <> 'fixed' AND NOT EXISTS (
                   -- account.tax.has_negative_factor: a reverse charge is never included
                   SELECT FROM account_tax_repartition_line AS repartition
                    WHERE repartition.tax_id = tax.id AND repartition.repartition_type = 'tax'
                      AND repartition.document_type = 'invoice' AND repartition.factor_percent < 0
               ) AS is_included,
               tax.amount_type IN ('percent', 'division', 'fixed') AS is_known,
               CASE WHEN tax.amount_type = 'fixed' THEN tax.amount ELSE 0 END AS per_unit,
               CASE tax.amount_type
                    WHEN 'percent' THEN tax.amount / 100
                    WHEN 'division' THEN tax.amount / 100 / COALESCE(NULLIF(1 - SUM(tax.amount) OVER batch / 100, 0), 1)
                    ELSE 0
               END AS per_net,
               ROW_NUMBER() OVER (
                   PARTITION BY known_set.taxes ORDER BY parent.sequence, parent.id, tax.sequence, tax.id
               ) AS place
          FROM known_set
          CROSS JOIN LATERAL UNNEST(known_set.taxes) AS chosen (id)
          JOIN account_tax AS parent ON parent.id = chosen.id
          LEFT JOIN account_tax_filiation_rel AS filiation
                 ON filiation.parent_tax = parent.id AND parent.amount_type = 'group'
          JOIN account_tax AS tax ON tax.id = COALESCE(filiation.child_tax, parent.id) AND tax.amount_type <> 'group'
          JOIN res_company AS company ON company.id = tax.company_id
        WINDOW batch AS (
            PARTITION BY known_set.taxes, tax.amount_type, tax.include_base_amount,
                         CASE WHEN tax.include_base_amount THEN tax.id END
        )
    ), tax_factor AS (
        SELECT taxes, 0::bigint AS place, NULL::integer AS tax_id, TRUE AS is_known, 0.0 AS per_net, 0.0 AS per_unit,
               0.0 AS base_per_net, 0.0 AS base_per_unit, 0.0 AS included_per_net, 0.0 AS included_per_unit
          FROM known_set
         UNION ALL
        SELECT listed.taxes, listed.place, listed.tax_id, listed.is_known, own.per_net, own.per_unit,
               before.base_per_net + affecting.part * own.per_net, before.base_per_unit + affecting.part * own.per_unit,
               before.included_per_net + affecting.included_part * own.per_net,
               before.included_per_unit + affecting.included_part * own.per_unit
          FROM tax_factor AS before
          JOIN listed_tax AS listed ON listed.taxes = before.taxes AND listed.place = before.place + 1
          CROSS JOIN LATERAL (
                SELECT CASE WHEN NOT listed.is_affected THEN 0 WHEN listed.is_included THEN before.included_per_net
                            ELSE before.base_per_net END AS per_net,
                       CASE WHEN NOT listed.is_affected THEN 0 WHEN listed.is_included THEN before.included_per_unit
                            ELSE before.base_per_unit END AS per_unit
                ) AS base
          CROSS JOIN LATERAL (
                SELECT listed.per_net * (1 + base.per_net) AS per_net,
                       listed.per_unit + listed.per_net * base.per_unit AS per_unit
                ) AS own
          CROSS JOIN LATERAL (
                SELECT CASE WHEN listed.affects THEN 1 ELSE 0 END AS part,
                       CASE WHEN listed.affects AND (listed.is_included OR listed.per_unit <> 0) THEN 1 ELSE 0 END
                       AS included_part
                ) AS affecting
    )
    """
)

# Which items take part in which tax line, and with how much. A tax without an account of its own is booked on each
# item's ledger code, and shared among the items of that code. Where the code of an item was changed after posting, the
# tax line on the old code is shared among the items whose code has no tax line. A tax line that no item explains is
# shared by the nets.
_TAX_SHARES = SQL(
    """
    item_tax AS MATERIALIZED (
        SELECT line.move_id, line.id AS line_id, line.place, line.account_id, line.deductible, factor.tax_id,
               CASE WHEN factor.is_known THEN computed.tax
                    ELSE (line.tax - SUM(computed.tax) OVER item)
                         / COUNT(*) FILTER (WHERE NOT factor.is_known) OVER item
               END AS tax
          FROM tax_set
          JOIN entry_line AS line ON line.id = tax_set.line_id
          JOIN tax_factor AS factor ON factor.taxes = tax_set.taxes
          CROSS JOIN LATERAL (
                SELECT line.amount * factor.per_net + line.quantity * factor.per_unit AS tax
                ) AS computed
        WINDOW item AS (PARTITION BY line.id)
    ), levied AS MATERIALIZED (
        SELECT ROW_NUMBER() OVER () AS sum_id, found.*
          FROM (
                SELECT line.move_id, repartition.tax_id, line.is_private,
                       COALESCE(repartition.factor_percent, 100) / 100 AS factor, own.account_id,
                       repartition.id IS NOT NULL AND repartition.account_id IS NULL AS is_on_codes,
                       SUM(line.amount) AS amount, SUM(line.balance) AS balance
                  FROM entry_line AS line
                  LEFT JOIN account_tax_repartition_line AS repartition ON repartition.id = line.repartition_id
                  LEFT JOIN LATERAL (
                        SELECT item_tax.account_id FROM item_tax
                         WHERE repartition.account_id IS NULL AND item_tax.move_id = line.move_id
                           AND item_tax.tax_id = repartition.tax_id AND item_tax.account_id = line.account_id
                         LIMIT 1
                       ) AS own ON TRUE
                 WHERE line.role = 'tax'
                 GROUP BY line.move_id, repartition.id, line.is_private, own.account_id
               ) AS found
    ), taxed AS (
        SELECT item_tax.*, own.account_id IS NULL AS is_without_line,
               BOOL_OR(own.account_id IS NULL) OVER (PARTITION BY item_tax.move_id, item_tax.tax_id) AS is_any_without
          FROM item_tax
          LEFT JOIN (SELECT DISTINCT move_id, tax_id, account_id FROM levied) AS own
                 ON own.move_id = item_tax.move_id AND own.tax_id = item_tax.tax_id
                AND own.account_id = item_tax.account_id
    ), explained AS MATERIALIZED (
        SELECT levied.sum_id, taxed.line_id, taxed.place, taxed.tax * levied.factor * taxed.deductible AS amount
          FROM levied
          JOIN taxed ON taxed.move_id = levied.move_id AND taxed.tax_id = levied.tax_id
                    AND (levied.account_id = taxed.account_id
                         OR levied.account_id IS NULL
                            AND (taxed.is_without_line OR NOT taxed.is_any_without OR NOT levied.is_on_codes))
         UNION ALL
        SELECT levied.sum_id, item_tax.line_id, MIN(item_tax.place),
               SUM(item_tax.tax * CASE WHEN levied.is_private THEN 1 - item_tax.deductible ELSE 1 END)
          FROM levied
          JOIN item_tax ON item_tax.move_id = levied.move_id
         WHERE levied.tax_id IS NULL
         GROUP BY levied.sum_id, item_tax.line_id
    ), tax_share AS (
        SELECT sum_id, line_id, place, amount, amount AS factor FROM explained
         UNION ALL
        SELECT levied.sum_id, line.id, line.place, 0, line.amount
          FROM levied
          JOIN entry_line AS line ON line.move_id = levied.move_id AND line.role = 'item'
         WHERE NOT EXISTS (SELECT FROM explained WHERE explained.sum_id = levied.sum_id AND explained.amount <> 0)
    )
    """
)


def document_worth(which: SQL) -> SQL:
    """What the items of posted documents are worth.

    Amounts have the sign that makes the document's own total positive; ``amount_*`` are in the document's currency,
    ``balance_*`` in the company's. A document without item lines has no rows.

    :param which: a condition on ``account_move AS m``
    :return: a query of ``(move_id, move_line_id, account_id, sequence, partner_id, company_id, currency_id,
        amount_untaxed, amount_total, balance_untaxed, balance_total)``
    """
    return SQL(
        """
        WITH RECURSIVE document AS MATERIALIZED (
            SELECT m.id, m.company_id, m.commercial_partner_id AS partner_id, m.currency_id, currency.rounding AS step,
                   m.currency_id <> company.currency_id AS is_foreign, company_currency.rounding AS company_step,
                   CASE WHEN m.move_type IN %(inbound)s THEN 1 ELSE -1 END AS direction
              FROM account_move AS m
              JOIN res_currency AS currency ON currency.id = m.currency_id
              JOIN res_company AS company ON company.id = m.company_id
              JOIN res_currency AS company_currency ON company_currency.id = company.currency_id
             WHERE m.state = 'posted' AND m.move_type IN %(types)s AND %(which)s
        ), entry_line AS MATERIALIZED (
            SELECT line.id, line.move_id, line.account_id, line.sequence,
                   ROW_NUMBER() OVER (PARTITION BY line.move_id ORDER BY line.sequence, line.id) AS place,
                   CASE WHEN line.display_type = 'payment_term' THEN 'owed'
                        WHEN line.display_type = 'product'
                             OR line.display_type = 'rounding' AND line.tax_repartition_line_id IS NULL THEN 'item'
                        ELSE 'tax'
                   END AS role,
                   line.display_type = 'non_deductible_tax' AS is_private,
                   line.tax_repartition_line_id AS repartition_id,
                   -document.direction * line.amount_currency AS amount, -document.direction * line.balance AS balance,
                   line.price_total - line.price_subtotal AS tax,
                   CASE WHEN line.display_type = 'product' THEN line.price_total
                        ELSE -document.direction * line.amount_currency
                   END AS listed,
                   CASE WHEN line.price_unit < 0 THEN -line.quantity ELSE line.quantity END AS quantity,
                   COALESCE(line.deductible_amount, 100)::numeric / 100 AS deductible
              FROM document
              JOIN account_move_line AS line ON line.move_id = document.id
             WHERE line.display_type IN ('product', 'rounding', 'tax', 'non_deductible_tax', 'payment_term')
        ), tax_set AS MATERIALIZED (
            SELECT rel.account_move_line_id AS line_id,
                   ARRAY_AGG(rel.account_tax_id ORDER BY rel.account_tax_id) AS taxes
              FROM entry_line AS line
              JOIN account_move_line_account_tax_rel AS rel ON rel.account_move_line_id = line.id
             WHERE line.role = 'item'
             GROUP BY rel.account_move_line_id
        ), %(tax_factors)s, %(tax_shares)s, tax_of_document AS (%(tax_of_document)s
        ), tax_of_company AS (%(tax_of_company)s
        ), item AS MATERIALIZED (
            SELECT line.move_id, line.id, line.place, line.listed, line.amount AS net, line.balance AS company_net,
                   line.amount + COALESCE(tax.amount, 0) AS total,
                   line.balance + COALESCE(company_tax.amount, tax.amount, 0) AS company_total
              FROM entry_line AS line
              LEFT JOIN (SELECT line_id, SUM(amount) AS amount FROM tax_of_document GROUP BY line_id) AS tax
                     ON tax.line_id = line.id
              LEFT JOIN (SELECT line_id, SUM(amount) AS amount FROM tax_of_company GROUP BY line_id) AS company_tax
                     ON company_tax.line_id = line.id
             WHERE line.role = 'item'
        ), owed AS (
            SELECT item.move_id, COALESCE(-term.amount, 0) AS amount, COALESCE(-term.balance, 0) AS balance,
                   COALESCE(-term.amount, 0) = item.listed AS is_as_listed,
                   COALESCE(-term.amount, 0) <> item.total OR COALESCE(-term.balance, 0) <> item.company_total
                   AS has_rest
              FROM (
                    SELECT move_id, SUM(total) AS total, SUM(listed) AS listed, SUM(company_total) AS company_total
                      FROM item GROUP BY move_id
                   ) AS item
              LEFT JOIN (
                    SELECT move_id, SUM(amount) AS amount, SUM(balance) AS balance
                      FROM entry_line WHERE role = 'owed' GROUP BY move_id
                   ) AS term ON term.move_id = item.move_id
        ), rest_of_document AS (%(rest_of_document)s
        ), rest_of_company AS (%(rest_of_company)s
        )
        SELECT item.move_id, item.id AS move_line_id, line.account_id, line.sequence, document.partner_id,
               document.company_id, document.currency_id, item.net AS amount_untaxed,
               COALESCE(rest_of_document.amount, item.total) AS amount_total, item.company_net AS balance_untaxed,
               CASE WHEN document.is_foreign THEN COALESCE(rest_of_company.amount, item.company_total)
                    ELSE COALESCE(rest_of_document.amount, item.company_total)
               END AS balance_total
          FROM item
          JOIN document ON document.id = item.move_id
          JOIN entry_line AS line ON line.id = item.id
          LEFT JOIN rest_of_document ON rest_of_document.line_id = item.id
          LEFT JOIN rest_of_company ON rest_of_company.line_id = item.id
        """,
        inbound=INBOUND_TYPES,
        types=DOCUMENT_TYPES,
        which=which,
        tax_factors=_TAX_FACTORS,
        tax_shares=_TAX_SHARES,
        tax_of_document=_distribute(
            SQL(
                """
                SELECT tax_share.sum_id, tax_share.line_id, tax_share.place, %s AS amount, tax_share.factor,
                       levied.amount AS target, document.step
                  FROM tax_share
                  JOIN levied ON levied.sum_id = tax_share.sum_id
                  JOIN document ON document.id = levied.move_id
                """,
                rounded(SQL("tax_share.amount"), SQL("document.step")),
            )
        ),
        tax_of_company=_distribute(
            SQL(
                """
                SELECT tax_share.sum_id, tax_share.line_id, tax_share.place, %s AS amount,
                       tax_share.factor, levied.balance AS target, document.company_step AS step
                  FROM tax_share
                  JOIN levied ON levied.sum_id = tax_share.sum_id
                  JOIN document ON document.id = levied.move_id AND document.is_foreign
                """,
                rounded(
                    SQL("tax_share.amount * COALESCE(levied.balance / NULLIF(levied.amount, 0), 0)"),
                    SQL("document.company_step"),
                ),
            )
        ),
        rest_of_document=_distribute(
            SQL(
                """
                SELECT item.move_id AS sum_id, item.id AS line_id, item.place, start.amount, start.amount AS factor,
                       owed.amount AS target, document.step
                  FROM item
                  JOIN owed ON owed.move_id = item.move_id AND owed.has_rest
                  JOIN document ON document.id = item.move_id
                  CROSS JOIN LATERAL (
                        SELECT CASE WHEN owed.is_as_listed THEN item.listed ELSE item.total END AS amount
                        ) AS start
                """
            )
        ),
        rest_of_company=_distribute(
            SQL(
                """
                SELECT item.move_id AS sum_id, item.id AS line_id, item.place, item.company_total AS amount,
                       item.company_total AS factor, owed.balance AS target, document.company_step AS step
                  FROM item
                  JOIN owed ON owed.move_id = item.move_id AND owed.has_rest
                  JOIN document ON document.id = item.move_id AND document.is_foreign
                """
            )
        ),
    )
