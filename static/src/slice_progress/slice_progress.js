import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, useState } from "@odoo/owl";
import { ProgressBar } from "./progress_bar";
import { useSlices } from "./slices";

/**
 * A dialog that works through a job of the server slice by slice.
 *
 * A subclass names the model, its record and the labels; the server's `process_slice` returns `done_count` and what else
 * the labels show.
 */
export class SliceProgress extends Component {
    static template = "account_reconciliation.SliceProgress";
    static components = { ProgressBar };
    static props = { ...standardActionServiceProps };

    /** The method that works for a moment. */
    sliceMethod = "process_slice";
    /** The method whose action is opened at the end. */
    finalMethod = "";
    /** The method that is called when the user stops before the end, if any. */
    stopMethod = "";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ done_count: 0 });
        this.slices = useSlices();
        this.run();
    }

    call(method) {
        return this.orm.silent.call(this.model, method, [this.recordId]);
    }

    async run() {
        let isMore = true;
        try {
            await this.slices.run(async () => {
                const progress = await this.call(this.sliceMethod);
                Object.assign(this.state, progress);
                isMore = !this.isDone(progress);
                return isMore;
            });
            if (isMore && this.slices.isStopping && this.stopMethod) {
                await this.call(this.stopMethod);
            }
        } catch (error) {
            // The work has ended; the error dialog says why.
            if (!this.slices.isGone) {
                await this.action.doAction({ type: "ir.actions.act_window_close" });
            }
            throw error;
        }
        if (!this.slices.isGone) {
            // Opening the result in the page closes this dialog.
            await this.action.doAction(await this.call(this.finalMethod));
        }
    }
}
