import { useService } from "@web/core/utils/hooks";
import { useExternalListener } from "@odoo/owl";

// What the browser itself does with these keys on a focused control comes first.
const CONTROLS = "button, a, summary, [role=menuitem]";

function isEditable(target) {
    return target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=checkbox]"));
}

function keyNames(ev) {
    const key = ev.key.length === 1 ? ev.key.toLowerCase() : ev.key;
    if (!/^Digit\d$/.test(ev.code)) {
        return [key];
    }
    // For a digit the physical key counts, because some layouts type digits only with shift.
    const physical = `${ev.shiftKey ? "shift+" : ""}${ev.code.slice(-1)}`;
    return /^\d$/.test(key) ? [physical] : [key, physical];
}

/**
 * Single keys for a whole screen: silent while somebody types or a dialog is open, so that nothing is done by accident.
 * (Odoo's hotkeys don't know “?”, and always want a modifier for digits on some keyboards.)
 *
 * @param {Object<string, Function>} keys name as in KeyboardEvent.key ("j", "Enter", "?"), digits also as "shift+1"
 */
export function useKeys(keys) {
    const ui = useService("ui");
    useExternalListener(window, "keydown", (ev) => {
        const isOurs =
            ev.key && ev.target instanceof HTMLElement && ui.activeElement === document && !ui.isBlocked &&
            !ev.defaultPrevented && !ev.isComposing && !ev.ctrlKey && !ev.altKey && !ev.metaKey && !isEditable(ev.target);
        const name = isOurs && keyNames(ev).find((one) => keys[one]);
        if (!name || (["Enter", " "].includes(name) && ev.target.closest(CONTROLS))) {
            return;
        }
        ev.preventDefault();
        // A key that is held down moves on, but books nothing.
        if (!ev.repeat || name.startsWith("Arrow") || ["j", "k"].includes(name)) {
            keys[name](ev);
        }
    });
}
