import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { useSentences } from "./sentences";

const MODEL = "account.bank.statement.line";
const UNDO_MILLISECONDS = 8000;

/**
 * The message after a match, and its Undo: of one transaction, or of a whole run.
 *
 * @param {(lineId: number) => Promise} onUndone with the transaction that waits again, 0 after a run
 * @returns {{notify: Function, undo: Function, undoBatch: Function, closeMessage: Function}}
 */
export function useLastMatch(onUndone) {
    const orm = useService("orm");
    const notification = useService("notification");
    const attempt = useSentences();
    let last = null;
    let close = () => {};

    async function undo() {
        if (!last) {
            return notification.add(_t("Nothing to undo: you have matched nothing since you opened this page."), {
                type: "info",
            });
        }
        close();
        const { batch, lineId } = last;
        last = null;
        const undone = await attempt(() =>
            batch ? orm.call(MODEL, "undo_batch", [batch]) : orm.call(MODEL, "action_unmatch", [[lineId]])
        );
        if (undone) {
            const message = batch
                ? _t("%s matches are undone: their transactions wait to be matched again.", undone.value.undone)
                : _t("Undone: it waits to be matched again.");
            notification.add(message, { type: "info" });
        }
        await onUndone(lineId || 0);
    }

    /**
     * @param {string} message
     * @param {{lineId: number} | {batch: string} | null} done what Undo undoes; null where nothing can be undone
     * @param {Object[]} buttons beside Undo
     */
    function notify(message, done, buttons = []) {
        close();
        last = done;
        const undoButtons = done ? [{ name: _t("Undo"), primary: true, onClick: undo }] : [];
        close = notification.add(message, {
            type: "success", buttons: [...undoButtons, ...buttons], autocloseDelay: UNDO_MILLISECONDS,
        });
    }

    function undoBatch(batch) {
        last = { batch };
        return undo();
    }

    return { notify, undo, undoBatch, closeMessage: () => close() };
}
