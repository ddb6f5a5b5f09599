import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";

/** Asks why a transaction is ignored. */
export class ReasonDialog extends Component {
    static template = "account_reconciliation.ReasonDialog";
    static components = { Dialog };
    static props = { confirm: Function, close: Function };

    setup() {
        useAutofocus({ refName: "reason" });
        this.state = useState({ reason: "" });
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.state.reason.trim()) {
            ev.preventDefault();
            this.confirm();
        }
    }

    confirm() {
        this.props.close();
        return this.props.confirm(this.state.reason.trim());
    }
}
