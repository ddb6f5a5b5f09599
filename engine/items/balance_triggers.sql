-- The balances of items and of money follow the reconciliation lines, whoever writes or deletes them: the ORM, a cascade, plain SQL.
CREATE OR REPLACE FUNCTION account_reconciliation_follow_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE account_reconciliation_item AS item
           SET amount_reconciled = item.amount_reconciled - gone.amount,
               amount_residual = item.amount_residual + gone.amount
          FROM (SELECT item_id, SUM(amount_currency) AS amount FROM old_lines GROUP BY item_id) AS gone
         WHERE item.id = gone.item_id;
        UPDATE account_reconciliation_money AS money
           SET amount_applied = money.amount_applied - gone.amount,
               amount_applied_currency = money.amount_applied_currency - gone.amount_currency
          FROM (
                SELECT counterpart_line_id, SUM(amount_received) AS amount, SUM(amount_money) AS amount_currency
                  FROM old_lines WHERE is_payment GROUP BY counterpart_line_id
               ) AS gone
         WHERE money.move_line_id = gone.counterpart_line_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE account_reconciliation_item AS item
           SET amount_reconciled = item.amount_reconciled + come.amount,
               amount_residual = item.amount_residual - come.amount,
               -- What is paid otherwise can't be planned any more; the schedule itself is shortened right after.
               amount_planned = CASE WHEN item.amount_total >= 0
                                     THEN LEAST(item.amount_planned, GREATEST(item.amount_residual - come.amount, 0))
                                     ELSE GREATEST(item.amount_planned, LEAST(item.amount_residual - come.amount, 0))
                                END
          FROM (SELECT item_id, SUM(amount_currency) AS amount FROM new_lines GROUP BY item_id) AS come
         WHERE item.id = come.item_id;
        UPDATE account_reconciliation_money AS money
           SET amount_applied = money.amount_applied + come.amount,
               amount_applied_currency = money.amount_applied_currency + come.amount_currency
          FROM (
                SELECT counterpart_line_id, SUM(amount_received) AS amount, SUM(amount_money) AS amount_currency
                  FROM new_lines WHERE is_payment GROUP BY counterpart_line_id
               ) AS come
         WHERE money.move_line_id = come.counterpart_line_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER follow_inserted AFTER INSERT ON account_reconciliation_line
    REFERENCING NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_follow_lines();
CREATE TRIGGER follow_updated AFTER UPDATE ON account_reconciliation_line
    REFERENCING OLD TABLE AS old_lines NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_follow_lines();
CREATE TRIGGER follow_deleted AFTER DELETE ON account_reconciliation_line
    REFERENCING OLD TABLE AS old_lines
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_follow_lines();
