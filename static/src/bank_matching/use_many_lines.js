import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { BulkDialog } from "./bulk_dialog";
import { ReviewDialog } from "./review_dialog";
import { useSentences } from "./sentences";

/**
 * What is done to many transactions at once: those that are selected, else all unmatched that the filters leave.
 *
 * @param {Object} screen what shows them
 * @param {() => number[]} screen.selectedIds
 * @param {() => Promise<number[]>} screen.findIds all unmatched that the filters leave
 * @param {() => boolean} screen.isFiltered
 * @param {() => Object} screen.overview as ``get_bank_matching_overview`` gives it
 * @param {(batch: string, message: string) => void} screen.onBatch
 * @param {Function} screen.onClose
 * @returns {{matchCertain: Function, acceptMany: Function}}
 */
export function useManyLines(screen) {
    const dialog = useService("dialog");
    const notification = useService("notification");
    const attempt = useSentences();

    async function choose() {
        const selectedIds = screen.selectedIds();
        if (selectedIds.length) {
            return { lineIds: selectedIds, isFiltered: true };
        }
        const result = await attempt(screen.findIds);
        if (result && !result.value.length) {
            notification.add(_t("Nothing is unmatched here."), { type: "info" });
        }
        return { lineIds: result?.value || [], isFiltered: screen.isFiltered() };
    }

    async function matchCertain() {
        const chosen = await choose();
        if (chosen.lineIds.length) {
            dialog.add(BulkDialog, chosen, { onClose: screen.onClose });
        }
    }

    async function acceptMany() {
        const { lineIds, isFiltered } = await choose();
        if (!lineIds.length) {
            return;
        }
        const { journal, entity_types } = screen.overview();
        dialog.add(ReviewDialog, {
            lines: lineIds, isFiltered, currencyId: journal.currency_id, entityTypes: entity_types,
            onBatch: (batch, count) => screen.onBatch(batch, _t("%s matched", count)),
        }, { onClose: screen.onClose });
    }

    return { matchCertain, acceptMany };
}
