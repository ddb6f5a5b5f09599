"""Who may have paid a bank transaction, as SQL text: by names, e-mail addresses, numbers, bank accounts.

Each look-up takes what is wanted as an array, goes by an index (``models/bank_matching/res_partner.py``) and has a
limit.
"""

from odoo.tools import SQL

from .bank_text import compact_sql, fold_sql

# How many names one search may bring.
WORD_LIMIT = 48


def by_words(searches, company_ids) -> SQL:
    """Account owners of whose name, or of a member's name, words are part, or the beginning of a part.

    :param searches: list of str as ``bank_text.words_search`` gives them
    :return: a query of ``(search, owner_id, owner_name, partner_id, name)``; ``WORD_LIMIT`` rows say that it is common
    """
    return SQL(
        """
        SELECT wanted.search, owner.id, owner.name, found.id, found.name
          FROM unnest(%(searches)s::text[]) AS wanted(search)
         CROSS JOIN LATERAL (
            SELECT partner.id, partner.name, partner.commercial_partner_id
              FROM res_partner AS partner
             WHERE %(vector)s @@ to_tsquery('simple', wanted.search) AND partner.active
               AND (partner.company_id IS NULL OR partner.company_id = ANY(%(company_ids)s))
             ORDER BY partner.id
             LIMIT %(limit)s
         ) AS found
          JOIN res_partner AS owner ON owner.id = found.commercial_partner_id
        """,
        searches=searches,
        vector=SQL(fold_sql("partner.name").replace("%", "%%")),
        company_ids=list(company_ids),
        limit=WORD_LIMIT,
    )


def by_email(emails, company_ids) -> SQL:
    """Account owners who have, or whose members have, an e-mail address.

    :param emails: list of str, in small letters
    :return: a query of ``(email, owner_id, name)``
    """
    return SQL(
        """
        SELECT DISTINCT partner.email_normalized, owner.id, owner.name
          FROM res_partner AS partner
          JOIN res_partner AS owner ON owner.id = partner.commercial_partner_id
         WHERE partner.email_normalized = ANY(%(emails)s) AND partner.active
           AND (partner.company_id IS NULL OR partner.company_id = ANY(%(company_ids)s))
        """,
        emails=emails,
        company_ids=list(company_ids),
    )


def by_customer_number(keys, company_ids) -> SQL:
    """Account owners who have, or whose members have, a number as a client or vendor.

    :param keys: list of str as ``bank_text.reference_keys`` gives them
    :return: a query of ``(key, owner_id, name)``
    """
    key = SQL(compact_sql("partner.ref"))
    return SQL(
        """
        SELECT DISTINCT %(key)s, owner.id, owner.name
          FROM res_partner AS partner
          JOIN res_partner AS owner ON owner.id = partner.commercial_partner_id
         WHERE %(key)s = ANY(%(keys)s::text[]) AND partner.ref IS NOT NULL AND partner.active
           AND (partner.company_id IS NULL OR partner.company_id = ANY(%(company_ids)s))
        """,
        key=key,
        keys=keys,
        company_ids=list(company_ids),
    )


def by_account_number(numbers, company_ids) -> SQL:
    """Account owners who have a bank account of this number.

    :param numbers: list of str, sanitized as ``res.partner.bank`` does
    :return: a query of ``(number, owner_id, name)``
    """
    return SQL(
        """
        SELECT DISTINCT bank.sanitized_acc_number, owner.id, owner.name
          FROM res_partner_bank AS bank
          JOIN res_partner AS partner ON partner.id = bank.partner_id
          JOIN res_partner AS owner ON owner.id = partner.commercial_partner_id
         WHERE bank.sanitized_acc_number = ANY(%(numbers)s) AND bank.active
           AND (bank.company_id IS NULL OR bank.company_id = ANY(%(company_ids)s))
        """,
        numbers=numbers,
        company_ids=list(company_ids),
    )
