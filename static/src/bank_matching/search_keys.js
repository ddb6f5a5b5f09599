/** A search box on the screen: Enter searches, Escape leaves it; the keys of the screen are not triggered. */
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
