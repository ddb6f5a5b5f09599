import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SliceProgress } from "@account_reconciliation/slice_progress/slice_progress";

/** Imports a large file. Importing it again goes on from where it stopped, as known transactions are left out. */
export class StatementImportProgress extends SliceProgress {
    model = "account.bank.statement.import";
    finalMethod = "action_open_transactions";
    className = "o_statement_import_progress";

    get recordId() {
        return this.props.action.params.wizard_id;
    }

    get total() {
        return this.props.action.params.line_count;
    }

    get barLabel() {
        return _t("Bank transactions imported");
    }

    get progressText() {
        return _t("%(done)s of %(total)s bank transactions", { done: this.state.done_count, total: this.total });
    }

    get stopLabel() {
        return this.slices.isStopping
            ? _t("Stopping after these transactions…")
            : _t("Stop; import the file again to go on");
    }

    isDone(progress) {
        return progress.is_done;
    }
}

registry.category("actions").add("account_reconciliation.statement_import_progress", StatementImportProgress);
