import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { Component } from "@odoo/owl";

/** The sheet of all keys. */
export class KeysDialog extends Component {
    static template = "account_reconciliation.KeysDialog";
    static components = { Dialog };
    // The keys of another page than Bank Matching are given: groups of a name and of keys with what each does.
    static props = { close: Function, groups: { type: Array, optional: true } };

    get groups() {
        return this.props.groups || [
            {
                name: _t("Navigation"),
                keys: [
                    [["j", "↓"], _t("Next transaction")],
                    [["k", "↑"], _t("Previous transaction")],
                    [["←", "→"], _t("Other tab")],
                    [["f"], _t("Find transactions")],
                    [["Alt+n", "Alt+p"], _t("Next page, previous page")],
                    [["Esc"], _t("Leave a search field")],
                    [["?"], _t("This list")],
                ],
            },
            {
                name: _t("The transaction"),
                keys: [
                    [["Enter"], _t("Accept the best suggestion (if it is at least 75% sure), or book what is chosen")],
                    [["a"], _t("Book to an account, or add a line")],
                    [["d"], _t("Pay the best suggestion in full and book the difference, for example a fee")],
                    [["1", "…", "9"], _t("Accept the suggestion of that number")],
                    [["w"], _t("Why: show or hide the reasons of the best one")],
                    [["x"], _t("Reject the best suggestion")],
                    [["s"], _t("Search any document")],
                    [["Shift+1", "…", "9"], _t("Book by the preset of that number, or the rest by it")],
                    [["t"], _t("Internal transfer")],
                    [["i"], _t("Ignore")],
                    [["u"], _t("Undo the match, don't ignore any more")],
                    [["o"], _t("Open what it is matched with")],
                    [["q"], _t("Ask a colleague")],
                    [["r"], _t("Original bank text")],
                ],
            },
            {
                name: _t("Many at once"),
                keys: [
                    [["c"], _t("Auto-match")],
                    [["b"], _t("Review the suggestions of many and accept them together")],
                    [["Space"], _t("Select the transaction, or not any more")],
                    [["z"], _t("Undo your last match, or the last run")],
                ],
            },
        ];
    }
}
