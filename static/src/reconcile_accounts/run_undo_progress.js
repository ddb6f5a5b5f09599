import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SliceProgress } from "@account_reconciliation/slice_progress/slice_progress";

/** Undoes a run; what is undone stays so when the user stops, and the rest can be undone later. */
export class RunUndoProgress extends SliceProgress {
    model = "account.reconciliation.run";
    sliceMethod = "process_undo_slice";
    finalMethod = "action_open_undone";
    className = "o_run_undo_progress";

    get recordId() {
        return this.props.action.params.run_id;
    }

    get total() {
        return this.props.action.params.account_count;
    }

    get barLabel() {
        return _t("Accounts undone");
    }

    get progressText() {
        return _t("%(done)s of %(total)s accounts", { done: this.state.done_count, total: this.total });
    }

    get stopLabel() {
        return this.slices.isStopping ? _t("Stopping after this account…") : _t("Stop");
    }

    isDone(progress) {
        return progress.state !== "undoing";
    }
}

registry.category("actions").add("account_reconciliation.run_undo_progress", RunUndoProgress);
