/** The transactions that are ticked in the list, also those that another page of it shows. */
export class SelectedLines {
    constructor() {
        this.byId = {};
    }

    get lines() {
        return Object.values(this.byId);
    }

    get ids() {
        return this.lines.map((line) => line.id);
    }

    /** Whether it can be ticked: what is matched already can't. */
    canSelect(line) {
        return ["unmatched", "ignored"].includes(line.status);
    }

    has(line) {
        return line.id in this.byId;
    }

    /** Whether each of these that can be ticked is. */
    hasAll(lines) {
        const open = lines.filter((line) => this.canSelect(line));
        return open.length > 0 && open.every((line) => this.has(line));
    }

    toggle(line) {
        if (this.has(line)) {
            this.remove(line.id);
        } else if (this.canSelect(line)) {
            this.byId[line.id] = line;
        }
    }

    toggleAll(lines) {
        const isSelected = this.hasAll(lines);
        this.clear();
        for (const line of isSelected ? [] : lines) {
            this.toggle(line);
        }
    }

    remove(id) {
        delete this.byId[id];
    }

    clear() {
        this.byId = {};
    }
}
