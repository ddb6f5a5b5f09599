"""The floor: the same rows, written by bare SQL in one transaction, with everything known beforehand that makes it
simple (one company, one currency, clients only, nothing reconciled before, nobody else at work).

It computes the plan, and writes partials, full reconciliations, open amounts, matching numbers, payment states, matched
flags, reconciliation lines, item balances and the chatter's tracking: what Odoo itself would leave.
"""

from odoo.addons.account_reconciliation.engine.items import items_sql
from odoo.addons.account_reconciliation.engine.reconcile_accounts import plan_sql
from odoo.addons.account_reconciliation.models.common.sql import for_slice
from odoo.tools import SQL

STEPS = """
CREATE TEMP TABLE pair ON COMMIT DROP AS
SELECT ROW_NUMBER() OVER () AS n, debit_line_id AS debit, credit_line_id AS credit, debit_move_id AS invoice,
       credit_move_id AS entry, amount::numeric AS amount, nextval('account_partial_reconcile_id_seq') AS id
  FROM (%(plan)s) AS planned;

CREATE TEMP TABLE member ON COMMIT DROP AS
WITH chained AS (
    SELECT *, CASE WHEN debit = LAG(debit) OVER (ORDER BY n) OR credit = LAG(credit) OVER (ORDER BY n) THEN 0 ELSE 1
              END AS starts FROM pair
), grouped AS (SELECT *, SUM(starts) OVER (ORDER BY n) AS chain FROM chained),
side AS (
    SELECT chain, id, debit AS line, -amount AS change FROM grouped
     UNION ALL
    SELECT chain, id, credit, amount FROM grouped
), settled AS (
    SELECT chain, line, MIN(id) AS first, SUM(change) AS change FROM side GROUP BY chain, line
), numbered AS (
    SELECT settled.*, line.amount_residual + change AS residual, MIN(first) OVER chain AS number,
           BOOL_AND(line.amount_residual + change = 0) OVER chain AS is_full
      FROM settled JOIN account_move_line AS line ON line.id = settled.line
    WINDOW chain AS (PARTITION BY chain)
), full_id AS (
    SELECT chain, nextval('account_full_reconcile_id_seq') AS full_id
      FROM (SELECT DISTINCT chain FROM numbered WHERE is_full) AS closed
)
SELECT line, residual, number, full_id FROM numbered LEFT JOIN full_id USING (chain);

CREATE INDEX ON member (line);
ANALYZE pair;
ANALYZE member;

INSERT INTO account_full_reconcile (id, create_uid, write_uid, create_date, write_date)
SELECT DISTINCT full_id, 1, 1, now(), now() FROM member WHERE full_id IS NOT NULL;

INSERT INTO account_partial_reconcile (
    id, debit_move_id, credit_move_id, full_reconcile_id, debit_currency_id, credit_currency_id, company_id, amount,
    debit_amount_currency, credit_amount_currency, max_date, create_uid, write_uid, create_date, write_date)
SELECT pair.id, pair.debit, pair.credit, member.full_id, d.currency_id, c.currency_id, d.company_id, pair.amount,
       pair.amount, pair.amount,
       GREATEST(d.date, c.date), 1, 1, now(), now()
  FROM pair
  JOIN account_move_line AS d ON d.id = pair.debit
  JOIN account_move_line AS c ON c.id = pair.credit
  JOIN member ON member.line = pair.debit;

UPDATE account_move_line AS line
   SET amount_residual = residual, amount_residual_currency = residual, reconciled = residual = 0,
       full_reconcile_id = full_id, matching_number = COALESCE(full_id::text, 'P' || number),
       write_uid = 1, write_date = now()
  FROM member WHERE member.line = line.id;

CREATE TEMP TABLE paid ON COMMIT DROP AS
WITH changed AS (
    UPDATE account_move AS move
       SET amount_residual = residual, amount_residual_signed = residual, is_manually_modified = TRUE,
           payment_state = CASE WHEN residual = 0 THEN 'paid' ELSE 'partial' END, write_uid = 1, write_date = now()
      FROM member JOIN account_move_line AS line ON line.id = member.line
     WHERE move.id = line.move_id AND move.move_type = 'out_invoice'
    RETURNING move.id, payment_state
) SELECT * FROM changed;

CREATE TEMP TABLE used ON COMMIT DROP AS
WITH state AS (
    SELECT entry, BOOL_AND(paid.payment_state = 'paid') AS is_paid
      FROM pair JOIN paid ON paid.id = invoice GROUP BY entry
), changed AS (
    UPDATE account_payment AS payment
       SET is_reconciled = residual = 0, state = CASE WHEN is_paid THEN 'paid' ELSE 'in_process' END,
           write_uid = 1, write_date = now()
      FROM state
      JOIN account_move AS move ON move.id = state.entry
      JOIN account_move_line AS line ON line.move_id = move.id
      JOIN member ON member.line = line.id
     WHERE payment.id = move.origin_payment_id
    RETURNING payment.id, payment.state
) SELECT * FROM changed WHERE state = 'paid';

WITH seen AS (
    SELECT 'account.move' AS model, id, 'Not Paid' AS old,
           CASE WHEN payment_state = 'paid' THEN 'Paid' ELSE 'Partially Paid' END AS new,
           CASE WHEN payment_state = 'paid' THEN %(mt_paid)s ELSE %(mt_note)s END AS subtype, payment_state FROM paid
     UNION ALL
    SELECT 'account.payment', id, 'In Process', 'Paid', %(mt_note)s, NULL FROM used
), message AS (
    INSERT INTO mail_message (
        model, res_id, parent_id, message_id, reply_to, email_from, author_id, subtype_id, message_type, body, date,
        is_internal, email_add_signature, record_company_id, create_uid, write_uid, create_date, write_date)
    SELECT model, id, (SELECT MAX(m.id) FROM mail_message AS m WHERE m.model = seen.model AND m.res_id = seen.id),
           '<' || random() || '-openerp-' || id || '-' || model || '@bench>', 'a@example.com', 'a@example.com',
           %(author)s, subtype, 'notification', '', now(), subtype = %(mt_note)s, subtype <> %(mt_note)s,
           CASE WHEN subtype = %(mt_paid)s THEN %(company)s END, 1, 1, now(), now()
      FROM seen
    RETURNING id, model, res_id
)
INSERT INTO mail_tracking_value (mail_message_id, field_id, old_value_char, new_value_char, create_uid, write_uid,
                                 create_date, write_date)
SELECT message.id, CASE WHEN seen.model = 'account.move' THEN %(move_field)s ELSE %(payment_field)s END, old, new, 1, 1,
       now(), now()
  FROM message JOIN seen ON seen.model = message.model AND seen.id = message.res_id;

%(allocate)s
"""


def run(env):
    """Write the rows; the caller commits.

    :return: number of partials
    """
    cr = env.cr
    for_slice(cr)
    fields = env["ir.model.fields"]
    cr.execute("SELECT last_value FROM account_partial_reconcile_id_seq")
    before = cr.fetchone()[0]
    steps = SQL(
        STEPS,
        plan=plan_sql.plan(env.company.ids),
        mt_paid=env.ref("account.mt_invoice_paid").id,
        mt_note=env.ref("mail.mt_note").id,
        author=env.user.partner_id.id,
        company=env.company.id,
        move_field=fields._get("account.move", "payment_state").id,
        payment_field=fields._get("account.payment", "state").id,
        allocate=items_sql.insert_allocated_lines(SQL("partial.id > %s", before), env.uid),
    )
    cr.execute(steps)
    cr.execute("SELECT COUNT(*) FROM pair")
    return cr.fetchone()[0]
