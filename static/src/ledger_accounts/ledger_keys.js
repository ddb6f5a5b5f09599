import { _t } from "@web/core/l10n/translation";

/** The keys of an account's page, for the sheet of all keys. */
export function ledgerKeys() {
    return [
        {
            name: _t("Navigation"),
            keys: [
                [["j", "↓"], _t("Next line")],
                [["k", "↑"], _t("Previous line")],
                [["g"], _t("Group by the next: partner, reference, order, product, product and order")],
                [["f"], _t("Find lines")],
                [["Esc"], _t("Leave a search field")],
                [["?"], _t("This list")],
            ],
        },
        {
            name: _t("Reconciling"),
            keys: [
                [["Space"], _t("Select the line, or not any more")],
                [["Enter"], _t("Reconcile what is selected")],
                [["d"], _t("Book the difference, or move what is selected to another account")],
                [["1", "…", "9"], _t("Accept the suggestion of that number")],
                [["c"], _t("Select nothing")],
                [["z"], _t("Undo what you have reconciled last")],
            ],
        },
    ];
}
