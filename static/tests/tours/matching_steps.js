export const SELECTED = ".o_matching_line[aria-selected=true]";

export function selected(label) {
    return { content: `${label} is selected`, trigger: `${SELECTED}:contains('${label}')` };
}

export function shown(label) {
    return { content: `${label} is shown whole`, trigger: `.o_transaction_label:contains('${label}')` };
}

// Keys go to the page itself, as they do when nothing has the focus.
export function press(key, content = `key ${key}`, trigger = ".o_bank_matching") {
    return { content, trigger, run: () => pressKey(key) };
}

export function pressKey(key, target = document.body, shiftKey = false) {
    const code = /^\d$/.test(key) ? `Digit${key}` : undefined;
    target.dispatchEvent(new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true, cancelable: true }));
}

export const noDialog = { content: "no dialog is open", trigger: "body:not(:has(.modal))" };
export const unmatched = (count) => ({ content: `${count} unmatched`, trigger: `.o_unmatched_count:contains(/^${count}$/)` });
export const suggested = { content: "suggestions are there", trigger: ".o_suggestion .o_accept" };
