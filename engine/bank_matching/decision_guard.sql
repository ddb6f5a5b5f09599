-- The decision log only grows: the database refuses to change or delete a row, whoever asks. A row may only lose the link
-- to its bank transaction, when that is deleted; what was decided stays in its payload.
CREATE OR REPLACE FUNCTION account_reconciliation_guard_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.statement_line_id IS NULL THEN
        NEW.statement_line_id := OLD.statement_line_id;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            NEW.statement_line_id := NULL;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The decision log of bank matching only grows: no row of it is ever changed or deleted.';
END $$;

CREATE OR REPLACE TRIGGER account_reconciliation_guard_decisions
    BEFORE UPDATE OR DELETE ON account_bank_match_decision
    FOR EACH ROW EXECUTE FUNCTION account_reconciliation_guard_decisions();

CREATE OR REPLACE TRIGGER account_reconciliation_guard_decisions_truncate
    BEFORE TRUNCATE ON account_bank_match_decision
    FOR EACH STATEMENT EXECUTE FUNCTION account_reconciliation_guard_decisions();
