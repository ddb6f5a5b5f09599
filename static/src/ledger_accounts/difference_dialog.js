import { _t } from "@web/core/l10n/translation";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dialog } from "@web/core/dialog/dialog";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { serializeDate } from "@web/core/l10n/dates";
import { useAutofocus } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";

// To which account a difference is booked, with which taxes, and why.
export class DifferenceDialog extends Component {
    static template = "account_reconciliation.DifferenceDialog";
    static components = { DateTimeInput, Dialog, MultiRecordSelector, RecordSelector };
    static props = { close: Function, difference: String, accountId: Number, isMoved: Boolean, onConfirm: Function };

    setup() {
        this.state = useState({ accountId: false, label: "", taxIds: [], day: false, isBusy: false });
        useAutofocus();
    }

    get title() {
        return this.props.isMoved ? _t("Move to another account") : _t("Book the difference");
    }

    get accountDomain() {
        return [["id", "!=", this.props.accountId]];
    }

    get canConfirm() {
        return this.state.accountId && this.state.label.trim() && !this.state.isBusy;
    }

    async confirm() {
        if (!this.canConfirm) {
            return;
        }
        this.state.isBusy = true;
        const { accountId, label, taxIds, day } = this.state;
        const isDone = await this.props.onConfirm({ accountId, label, taxIds, day: day ? serializeDate(day) : null });
        this.state.isBusy = false;
        if (isDone) {
            this.props.close();
        }
    }
}
