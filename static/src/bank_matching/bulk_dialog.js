import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { ProgressBar } from "@account_reconciliation/slice_progress/progress_bar";
import { useSlices } from "@account_reconciliation/slice_progress/slices";
import { Component, useState } from "@odoo/owl";
import { useSentences } from "./sentences";

const SLICE = 200;

/** Matches what is certain among many transactions. */
export class BulkDialog extends Component {
    static template = "account_reconciliation.BulkDialog";
    static components = { Dialog, ProgressBar };
    static props = { lineIds: Array, isFiltered: Boolean, close: Function };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.slices = useSlices();
        this.state = useState({ matched: 0, refused: 0, isDone: false });
        this.match();
    }

    get refusal() {
        return _t("%s could not be booked, for example because of a lock date.", this.state.refused);
    }

    async match() {
        try {
            await this.slices.runThrough(this.props.lineIds, SLICE, async (ids) => {
                const result = await this.attempt(() =>
                    this.orm.silent.call("account.bank.statement.line", "auto_match", [ids])
                );
                if (result) {
                    this.state.matched += result.value.matched + result.value.by_rule;
                    this.state.refused += result.value.refused;
                }
                return Boolean(result);
            });
        } finally {
            // Also where the server could not be reached: what was matched until then is shown.
            this.state.isDone = true;
        }
    }
}
