import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatShare } from "@account_reconciliation/percent";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillUnmount, useState } from "@odoo/owl";

// Imports a large file slice by slice: every slice is one committed call. Whatever stops it, importing the same file again
// goes on from there, as known transactions are left out.
export class StatementImportProgress extends Component {
    static template = "account_reconciliation.StatementImportProgress";
    static props = { ...standardActionServiceProps };

    formatShare = formatShare;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { wizard_id, line_count } = this.props.action.params;
        this.wizardId = wizard_id;
        this.state = useState({ done_count: 0, line_count, stopping: false });
        this.stopped = false;
        onWillUnmount(() => (this.stopped = true));
        this.run();
    }

    get percent() {
        return this.state.line_count ? Math.round((100 * this.state.done_count) / this.state.line_count) : 0;
    }

    async run() {
        let isDone = false;
        try {
            while (!this.stopped && !this.state.stopping && !isDone) {
                const progress = await this.orm.silent.call("account.bank.statement.import", "process_slice", [
                    this.wizardId,
                ]);
                isDone = progress.is_done;
                Object.assign(this.state, progress);
            }
        } catch (error) {
            // Nothing goes on here any more; the error says why.
            if (!this.stopped) {
                await this.action.doAction({ type: "ir.actions.act_window_close" });
            }
            throw error;
        }
        if (!this.stopped) {
            const transactions = await this.orm.call("account.bank.statement.import", "action_open_transactions", [
                this.wizardId,
            ]);
            await this.action.doAction(transactions);
        }
    }

    stop() {
        this.state.stopping = true;
    }
}

registry.category("actions").add("account_reconciliation.statement_import_progress", StatementImportProgress);
