import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatShare } from "@account_reconciliation/percent";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillUnmount, useState } from "@odoo/owl";

// Drives a reconciliation run slice by slice: every slice is one committed call, so that the bar tells the truth, Cancel
// works at once, and a closed browser leaves whole accounts behind it.
export class RunProgress extends Component {
    static template = "account_reconciliation.RunProgress";
    static props = { ...standardActionServiceProps };

    formatShare = formatShare;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { run_id, account_count } = this.props.action.params;
        this.runId = run_id;
        this.state = useState({ done_count: 0, account_count, transaction_count: 0, amounts: "", cancelling: false });
        this.stopped = false;
        onWillUnmount(() => (this.stopped = true));
        this.run();
    }

    get percent() {
        return this.state.account_count
            ? Math.round((100 * this.state.done_count) / this.state.account_count)
            : 0;
    }

    async run() {
        while (!this.stopped) {
            const progress = await this.orm.silent.call("account.reconciliation.run", "process_slice", [this.runId]);
            Object.assign(this.state, progress);
            if (this.state.cancelling && progress.state === "running") {
                await this.orm.call("account.reconciliation.run", "action_cancel", [this.runId]);
                break;
            }
            if (progress.state !== "running") {
                break;
            }
        }
        if (!this.stopped) {
            // Opening the summary in the page closes this dialog.
            const summary = await this.orm.call("account.reconciliation.run", "action_open_summary", [this.runId]);
            await this.action.doAction(summary);
        }
    }

    cancel() {
        this.state.cancelling = true;
    }
}

registry.category("actions").add("account_reconciliation.run_progress", RunProgress);
