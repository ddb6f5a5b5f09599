-- What is planned for an item follows its planned payments, whoever writes or deletes them.
CREATE OR REPLACE FUNCTION account_reconciliation_plan_items(item_ids integer[]) RETURNS void LANGUAGE sql AS $$
    UPDATE account_reconciliation_item AS item
       SET amount_planned = planned.amount
      FROM (
            SELECT asked.id, COALESCE(SUM(line.amount) FILTER (WHERE payment.is_coming), 0) AS amount
              FROM (SELECT DISTINCT unnest(item_ids) AS id) AS asked
              LEFT JOIN account_planned_payment_line AS line ON line.item_id = asked.id
              LEFT JOIN account_planned_payment AS payment ON payment.id = line.planned_payment_id
             GROUP BY asked.id
           ) AS planned
     WHERE item.id = planned.id AND item.amount_planned <> planned.amount;
$$;

CREATE OR REPLACE FUNCTION account_reconciliation_follow_planned_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM account_reconciliation_plan_items((SELECT array_agg(item_id) FROM old_lines));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM account_reconciliation_plan_items((SELECT array_agg(item_id) FROM new_lines));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION account_reconciliation_follow_planned_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM account_reconciliation_plan_items((
        SELECT array_agg(line.item_id)
          FROM new_payments AS now
          JOIN old_payments AS before ON before.id = now.id AND before.is_coming IS DISTINCT FROM now.is_coming
          JOIN account_planned_payment_line AS line ON line.planned_payment_id = now.id
    ));
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS follow_inserted ON account_planned_payment_line;
CREATE TRIGGER follow_inserted AFTER INSERT ON account_planned_payment_line
    REFERENCING NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_follow_planned_lines();
DROP TRIGGER IF EXISTS follow_updated ON account_planned_payment_line;
CREATE TRIGGER follow_updated AFTER UPDATE ON account_planned_payment_line
    REFERENCING OLD TABLE AS old_lines NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_follow_planned_lines();
DROP TRIGGER IF EXISTS follow_deleted ON account_planned_payment_line;
CREATE TRIGGER follow_deleted AFTER DELETE ON account_planned_payment_line
    REFERENCING OLD TABLE AS old_lines
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_follow_planned_lines();
DROP TRIGGER IF EXISTS follow_payments ON account_planned_payment;
CREATE TRIGGER follow_payments AFTER UPDATE ON account_planned_payment
    REFERENCING OLD TABLE AS old_payments NEW TABLE AS new_payments
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_follow_planned_payments();
