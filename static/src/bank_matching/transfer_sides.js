import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, useState } from "@odoo/owl";
import { onSearchKeydown } from "./search_keys";
import { useSentences } from "./sentences";

/** The unmatched transactions on other bank accounts that may be a transfer's other side. */
export class TransferSides extends Component {
    static template = "account_reconciliation.TransferSides";
    static props = { lineId: Number, presets: Array, onMatch: Function };

    setup() {
        this.orm = useService("orm");
        this.attempt = useSentences();
        this.state = useState({ term: "", sides: [], presetId: 0 });
        onWillStart(() => this.search());
    }

    async search() {
        const result = await this.attempt(() =>
            this.orm.call("account.bank.statement.line", "search_transfer_targets", [[this.props.lineId], this.state.term])
        );
        this.state.sides = result ? result.value : [];
    }

    onKeydown(ev) {
        onSearchKeydown(ev, () => this.search(), () => ev.target.blur());
    }

    setPreset(id) {
        this.state.presetId = Number(id);
    }

    get hasFee() {
        return this.state.sides.some((side) => side.fee > 0);
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    matchTitle(side) {
        return side.fee > 0 && !this.state.presetId ? _t("Choose how the fee is booked first") : _t("Match both sides");
    }

    match(side) {
        return this.props.onMatch(side, side.fee > 0 ? this.state.presetId : 0);
    }
}
