import { useService } from "@web/core/utils/hooks";
import { formatShare } from "@account_reconciliation/percent";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillUnmount, useState } from "@odoo/owl";

/**
 * A dialog that works through a job slice by slice. Every slice is one committed call, so the bar shows what is kept,
 * Stop works after the current slice, and a closed browser leaves only whole slices behind.
 *
 * A subclass names the model, its record and the labels; the server's `process_slice` returns `done_count` and what else
 * the labels show.
 */
export class SliceProgress extends Component {
    static template = "account_reconciliation.SliceProgress";
    static props = { ...standardActionServiceProps };

    formatShare = formatShare;
    /** The method that works for a moment. */
    sliceMethod = "process_slice";
    /** The method whose action is opened at the end. */
    finalMethod = "";
    /** The method that is called when the user stops before the end, if any. */
    stopMethod = "";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ done_count: 0, isStopping: false });
        this.isClosed = false;
        onWillUnmount(() => (this.isClosed = true));
        this.run();
    }

    get percent() {
        return this.total ? Math.round((100 * this.state.done_count) / this.total) : 0;
    }

    call(method) {
        return this.orm.silent.call(this.model, method, [this.recordId]);
    }

    async run() {
        try {
            while (!this.isClosed) {
                const progress = await this.call(this.sliceMethod);
                Object.assign(this.state, progress);
                if (this.isDone(progress)) {
                    break;
                }
                if (this.state.isStopping) {
                    if (this.stopMethod) {
                        await this.call(this.stopMethod);
                    }
                    break;
                }
            }
        } catch (error) {
            // The work has ended; the error dialog says why.
            if (!this.isClosed) {
                await this.action.doAction({ type: "ir.actions.act_window_close" });
            }
            throw error;
        }
        if (!this.isClosed) {
            // Opening the result in the page closes this dialog.
            await this.action.doAction(await this.call(this.finalMethod));
        }
    }

    stop() {
        this.state.isStopping = true;
    }
}
