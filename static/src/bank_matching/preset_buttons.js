import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";
import { BookingRows } from "./booking_rows";
import { useKeys } from "./use_keys";

const MODEL = "account.reconcile.model";
const SHOWN = 9;

/** The presets that a transaction, or the rest of it, can be booked by. */
export class PresetButtons extends Component {
    static template = "account_reconciliation.PresetButtons";
    static props = { presets: Array, rows: BookingRows, isBusy: Boolean, onMatch: Function, onPresetsChange: Function };

    setup() {
        this.action = useService("action");
        this.rows = useState(this.props.rows);
        this.state = useState({ isAll: false });
        const keys = {};
        for (let number = 1; number <= SHOWN; number++) {
            keys[`shift+${number}`] = () => this.use(this.props.presets[number - 1]);
        }
        useKeys(keys);
    }

    get shown() {
        return this.state.isAll ? this.props.presets : this.props.presets.slice(0, SHOWN);
    }

    keyTitle(number) {
        return number < SHOWN ? `Shift+${number + 1}` : "";
    }

    use(preset) {
        if (!preset) {
            return;
        }
        if (!this.rows.length) {
            return this.props.onMatch([[MODEL, preset.id]], preset.name);
        }
        const { restRow } = this.rows;
        if (restRow?.kind === "preset") {
            this.rows.remove(restRow.key);
        }
        if (restRow?.presetId !== preset.id) {
            this.rows.add("preset", { presetId: preset.id, name: preset.name });
        }
    }

    create() {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: MODEL, name: _t("New preset"), target: "new", views: [[false, "form"]],
        }, { onClose: this.props.onPresetsChange });
    }
}
