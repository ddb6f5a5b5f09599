import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { formatMonetary } from "@web/views/fields/formatters";
import { KeepLast } from "@web/core/utils/concurrency";
import { parseMonetary } from "@web/views/fields/parsers";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Component, useState } from "@odoo/owl";
import { useSentences } from "./sentences";

const MODEL = "account.bank.statement.line";
const CONDITIONS = ["name", "label", "has_partner", "has_direction", "amount_min", "amount_max", "is_automatic"];

/** “Always do this”: a preset from the booking that was just made, with what it would have caught. */
export class PresetDialog extends Component {
    static template = "account_reconciliation.PresetDialog";
    static components = { Dialog };
    static props = { lineId: Number, proposal: Object, currencyId: Number, onCreated: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.keepLast = new KeepLast();
        useAutofocus({ refName: "label" });
        this.state = useState({ ...this.props.proposal, hasRange: false });
        this.countSoon = useDebounced(() => this.count(), 300);
    }

    get conditions() {
        const found = Object.fromEntries(CONDITIONS.map((name) => [name, this.state[name]]));
        if (!this.state.hasRange) {
            Object.assign(found, { amount_min: 0, amount_max: 0 });
        }
        return found;
    }

    get isCatchAll() {
        return !this.state.label.trim() && !this.state.has_partner;
    }

    get outcome() {
        const { caught, looked_at } = this.state;
        return _t("It would have caught %(caught)s of the last %(count)s transactions of this bank account.", {
            caught, count: looked_at,
        });
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    set(name, value) {
        this.state[name] = value;
        this.countSoon();
    }

    setRange(hasRange) {
        Object.assign(this.state, { hasRange, amount_min: this.state.near_min, amount_max: this.state.near_max });
        this.countSoon();
    }

    setAmount(name, ev) {
        try {
            this.state[name] = Math.abs(parseMonetary(ev.target.value));
        } catch {
            // A text that is not a number changes nothing.
        }
        ev.target.value = this.state[name];
        this.countSoon();
    }

    async count() {
        const result = await this.attempt(() =>
            this.keepLast.add(this.orm.silent.call(MODEL, "count_preset", [[this.props.lineId], this.conditions]))
        );
        if (result) {
            Object.assign(this.state, result.value);
        }
    }

    async create() {
        if (this.isCatchAll || !this.state.name.trim()) {
            return;
        }
        const result = await this.attempt(() =>
            this.orm.call(MODEL, "create_preset", [[this.props.lineId], this.conditions])
        );
        if (result) {
            this.props.close();
            this.props.onCreated(result.value);
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target.matches("input")) {
            ev.preventDefault();
            this.create();
        }
    }
}
