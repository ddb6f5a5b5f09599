import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { isZeroAmount } from "@account_reconciliation/money";
import { useSentences } from "../bank_matching/sentences";

const UNDO_MILLISECONDS = 8000;

/**
 * The message after lines were reconciled, and its Undo.
 *
 * @param {() => Object} getOverview as the account's ``get_overview`` gives it
 * @param {() => Promise} onUndone
 * @returns {{tell: Function, undo: Function}}
 */
export function useLastReconciliation(getOverview, onUndone) {
    const orm = useService("orm");
    const action = useService("action");
    const notification = useService("notification");
    const attempt = useSentences();
    let last = null;
    let close = () => {};

    async function undo() {
        if (!last) {
            notification.add(_t("Nothing to undo: you have reconciled nothing since you opened this page."), { type: "info" });
            return;
        }
        close();
        const result = await attempt(() => orm.call("account.ledger.reconciliation", "action_undo", [[last]]));
        if (result) {
            last = null;
            await action.doAction(result.value);
            await onUndone();
        }
    }

    /** @param {Object} done as the server answers it: id, line_count, amount, open */
    function tell({ id, line_count, amount, open }) {
        const { currency_id: currencyId, can_undo } = getOverview();
        const money = (value) => formatMonetary(value, { currencyId });
        last = id;
        const message = isZeroAmount(open, currencyId)
            ? _t("%(count)s lines reconciled, %(amount)s", { count: line_count, amount: money(amount) })
            : _t("%(count)s lines reconciled, %(amount)s; %(open)s stays open", {
                count: line_count, amount: money(amount), open: money(open),
            });
        close();
        close = notification.add(message, {
            type: "success", buttons: can_undo ? [{ name: _t("Undo"), primary: true, onClick: undo }] : [],
            autocloseDelay: UNDO_MILLISECONDS,
        });
    }

    return { tell, undo };
}
