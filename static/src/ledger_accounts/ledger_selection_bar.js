import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { Component, useState } from "@odoo/owl";
import { isZeroAmount } from "@account_reconciliation/money";
import { useKeys } from "../bank_matching/use_keys";
import { DifferenceDialog } from "./difference_dialog";
import { LedgerSelection } from "./ledger_selection";

/** The sums of what is selected on an account, and what is done with it. */
export class LedgerSelectionBar extends Component {
    static template = "account_reconciliation.LedgerSelectionBar";
    static props = {
        selection: LedgerSelection, accountId: Number, currencyId: Number, isBusy: Boolean, onReconcile: Function,
        onBookDifference: Function,
    };

    setup() {
        this.dialog = useService("dialog");
        this.selection = useState(this.props.selection);
        useKeys({
            Enter: () => this.reconcile(),
            d: () => this.bookDifference(),
            c: () => this.selection.clear(),
        });
    }

    /** In one currency what differs in it counts: what differs in company currency alone is an exchange difference. */
    get isBalanced() {
        const { currencyId, differenceInCurrency, sums } = this.selection;
        return currencyId
            ? isZeroAmount(differenceInCurrency, currencyId)
            : isZeroAmount(sums.difference, this.props.currencyId);
    }

    /** The difference in the one foreign currency of what is selected, or nothing. */
    get foreignDifference() {
        const { currencyId, differenceInCurrency } = this.selection;
        return currencyId && currencyId !== this.props.currencyId ? this.money(differenceInCurrency, currencyId) : "";
    }

    money(amount, currencyId = this.props.currencyId) {
        return formatMonetary(amount, { currencyId });
    }

    async reconcile() {
        if (this.selection.canReconcile) {
            await this.props.onReconcile(this.selection.ids);
        }
    }

    bookDifference() {
        if (this.isBalanced) {
            return;
        }
        const { onBookDifference } = this.props;
        const { ids, canReconcile, sums } = this.selection;
        this.dialog.add(DifferenceDialog, {
            difference: this.foreignDifference || this.money(sums.difference),
            accountId: this.props.accountId,
            isMoved: !canReconcile,
            onConfirm: (values) => onBookDifference(ids, values),
        });
    }
}
