import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, useState } from "@odoo/owl";

const MODEL = "account.reconciliation.first.steps";

const HIDDEN_HERE = "account_reconciliation.first_steps_hidden";

/**
 * What is to be set first, each step done from here. Who can't do a step sees whom to ask. Who configures
 * accounting hides the steps for the company, others in their own browser.
 */
export class FirstSteps extends Component {
    static template = "account_reconciliation.FirstSteps";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tour = useService("tour_service");
        this.notification = useService("notification");
        this.state = useState({ steps: [], isHidden: true, isShown: false, canHide: false, canShow: {} });
        onWillStart(() => this.load());
    }

    get doneCount() {
        return this.state.steps.filter((step) => step.is_done).length;
    }

    async load() {
        const found = await this.orm.call(MODEL, "get_first_steps");
        Object.assign(this.state, {
            isShown: Boolean(found),
            canHide: Boolean(found?.can_hide),
            steps: found?.steps ?? [],
            isHidden: Boolean(found?.is_hidden || (found && !found.can_hide && browser.localStorage.getItem(HIDDEN_HERE))),
            canShow: { billing: found?.has_documents, matching: found?.has_unmatched },
        });
    }

    async open(step) {
        const action = await this.orm.call(MODEL, "open_step", [step.id]);
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    askText(step) {
        return step.ask
            ? _t("Only an administrator can do this. Ask %s.", step.ask)
            : _t("Only an administrator of Odoo can do this.");
    }

    async setHidden(hidden) {
        if (!this.state.canHide) {
            if (hidden) {
                browser.localStorage.setItem(HIDDEN_HERE, "1");
            } else {
                browser.localStorage.removeItem(HIDDEN_HERE);
            }
            this.state.isHidden = hidden;
            return;
        }
        await this.orm.call(MODEL, "hide_first_steps", [hidden]);
        await this.load();
    }

    /** On empty screens a tour would have nothing to show. */
    showAround(name) {
        if (!this.state.canShow[name]) {
            const missing = {
                billing: _t("There is no account to show yet. Post an invoice first, then come back."),
                matching: _t("No bank transaction waits to be matched. Import a bank statement first, then come back."),
            };
            return this.notification.add(missing[name], { type: "info" });
        }
        return this.tour.startTour(`account_reconciliation_${name}_tour`, { mode: "manual" });
    }
}
