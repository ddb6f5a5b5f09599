/** A search box on the screen: Enter searches, Escape leaves it; the screen's own keys don't hear of it. */
export function onSearchKeydown(ev, search, leave) {
    if (ev.key !== "Enter" && ev.key !== "Escape") {
        return;
    }
    ev.preventDefault(); // the browser would empty the field
    ev.stopPropagation();
    if (ev.key === "Enter") {
        search();
    } else {
        leave();
    }
}
