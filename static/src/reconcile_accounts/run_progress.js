import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SliceProgress } from "@account_reconciliation/slice_progress/slice_progress";

/** Reconciles many accounts; what is finished stays when the user cancels. */
export class RunProgress extends SliceProgress {
    model = "account.reconciliation.run";
    finalMethod = "action_open_summary";
    stopMethod = "action_cancel";
    className = "o_reconciliation_progress";

    get recordId() {
        return this.props.action.params.run_id;
    }

    get total() {
        return this.state.account_count ?? this.props.action.params.account_count;
    }

    get barLabel() {
        return _t("Accounts reconciled");
    }

    get progressText() {
        const { done_count, transaction_count = 0, amounts } = this.state;
        const figures = { done: done_count, total: this.total, transactions: transaction_count, amounts };
        return amounts
            ? _t("%(done)s of %(total)s accounts, %(transactions)s transactions, %(amounts)s reconciled", figures)
            : _t("%(done)s of %(total)s accounts, %(transactions)s transactions", figures);
    }

    get stopLabel() {
        return this.slices.isStopping ? _t("Stopping after this account…") : _t("Cancel");
    }

    isDone(progress) {
        return progress.state !== "running";
    }
}

registry.category("actions").add("account_reconciliation.run_progress", RunProgress);
