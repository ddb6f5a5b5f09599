import { browser } from "@web/core/browser/browser";
import { router } from "@web/core/browser/router";
import { pick } from "@web/core/utils/objects";

const PATH = "bank-matching";
const TEXTS = ["search", "tab", "date_from", "date_to", "direction", "order"];
const NUMBERS = ["journal", "statement", "offset", "line", "question"];
export const TABS = ["unmatched", "matched", "manual", "ignored", "all"];

function emptyPlace() {
    return {
        journal: 0, tab: "unmatched", search: "", date_from: "", date_to: "", direction: "", order: "", question: 0, statement: 0, offset: 0,
        line: 0,
    };
}

// The router makes numbers of what looks like one, so “00012” would come back as 12: quotes keep it a text.
function quoted(text) {
    return text && !isNaN(text) ? `"${text}"` : text;
}

function placeOfUrl() {
    if (router.current.action !== PATH) {
        return {};
    }
    const query = new URL(browser.location.href).searchParams;
    const found = {};
    for (const name of TEXTS.filter((one) => query.get(one))) {
        found[name] = query.get(name).replace(/^"(.*)"$/, "$1");
    }
    for (const name of NUMBERS.filter((one) => /^\d{1,15}$/.test(query.get(one)))) {
        found[name] = Number(query.get(name));
    }
    return found;
}

/**
 * Where on the screen one is: which bank account, tab, filters, page and transaction. It comes back with the breadcrumb,
 * with the URL (reload, browser's back, a link sent to a colleague), or starts where the caller's context says.
 *
 * @param {Object} props of the client action
 */
export function initialPlace(props) {
    const { default_journal_id, date_from, date_to, tab } = props.action.context;
    const asked = { journal: default_journal_id || 0, date_from: date_from || "", date_to: date_to || "", tab };
    const place = { ...emptyPlace(), ...asked, ...(props.state?.place || placeOfUrl()) };
    return { ...place, tab: TABS.includes(place.tab) ? place.tab : "unmatched" };
}

/**
 * Write the place into the URL.
 *
 * @param {Function} updateActionState of the client action's props
 * @param {boolean} isStep whether the browser's back button shall stop here
 */
export function writePlace(updateActionState, place, isStep = false) {
    const state = {};
    for (const [name, value] of Object.entries(pick(place, ...TEXTS, ...NUMBERS))) {
        const isDefault = !value || (name === "tab" && value === "unmatched");
        state[name] = isDefault ? undefined : name === "search" ? quoted(value) : value;
    }
    updateActionState(state);
    if (!isStep) {
        // The action service has just asked for a step of the history; asked again in the same tick, the router replaces
        // the current one instead: nobody wants to go back through every transaction that was looked at.
        router.replaceState({});
    }
}
