import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SliceProgress } from "@account_reconciliation/slice_progress/slice_progress";

/** Undoes reconciliations of an account; those that are undone stay undone when the user stops. */
export class LedgerUndoProgress extends SliceProgress {
    model = "account.ledger.reconciliation";
    sliceMethod = "process_undo_slice";
    finalMethod = "action_open_undone";
    className = "o_ledger_undo_progress";

    get recordId() {
        return this.props.action.params.ids;
    }

    get total() {
        return this.props.action.params.total;
    }

    get barLabel() {
        return _t("Reconciliations undone");
    }

    get progressText() {
        return _t("%(done)s of %(total)s reconciliations", { done: this.state.done_count, total: this.total });
    }

    get stopLabel() {
        return this.slices.isStopping ? _t("Stopping…") : _t("Stop");
    }

    isDone(progress) {
        return progress.state !== "undoing";
    }
}

registry.category("actions").add("account_reconciliation.ledger_undo_progress", LedgerUndoProgress);
