DROP TRIGGER IF EXISTS follow_inserted ON account_reconciliation_line;
DROP TRIGGER IF EXISTS follow_updated ON account_reconciliation_line;
DROP TRIGGER IF EXISTS follow_deleted ON account_reconciliation_line;
