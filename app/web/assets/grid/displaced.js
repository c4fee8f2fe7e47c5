/**
 * Rows that were changed where the filter, the search or the order looks: they stay where they are,
 * marked, until somebody loads the rows again. Nothing jumps away under anybody's hands.
 */

import { icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";

/** The fields that a compiled filter names: a condition is [field, operator, value]. */
export function fieldsOfFilter(tree) {
  if (Array.isArray(tree)) {
    return typeof tree[0] === "string" ? [tree[0].split(".")[0]] : tree.flatMap(fieldsOfFilter);
  }
  return tree && typeof tree === "object" ? Object.values(tree).flatMap(fieldsOfFilter) : [];
}

/** Whether a row with these changed fields may now be elsewhere, or not shown at all. */
export function mayMove({ q, sort, filter }, codes) {
  if (q) return codes.length > 0;
  const looked = filter ? fieldsOfFilter(JSON.parse(filter)) : [];
  const sorted = (sort ?? "").split(",").map((word) => word.replace("-", ""));
  return codes.some((code) => looked.includes(code) || sorted.includes(code));
}

/** The marked rows, and the button that loads the rows again. */
export class Displaced {
  constructor(app) {
    this.app = app;
    this.rows = new Set();
  }

  /** A batch was saved. */
  note({ rows, changes }, saved) {
    const query = this.app.reading.query();
    rows.forEach((row, index) => {
      if (!saved.includes(row) || row.isDeleted) return;
      if (!mayMove(query, Object.keys(changes[index].values))) return;
      row.isDisplaced = true;
      this.rows.add(row);
    });
    this.draw();
  }

  /** The rows were loaded anew. */
  clear() {
    for (const row of this.rows) row.isDisplaced = false;
    this.rows.clear();
    this.draw();
  }

  draw() {
    this.button ??= this.#make();
    if (!this.button) return;
    this.button.hidden = this.rows.size === 0;
    this.button.lastChild.textContent = t("refresh_rows", { count: this.rows.size });
  }

  #make() {
    const bar = document.querySelector(".reading-bar");
    if (!bar) return null;
    const run = () => this.app.reading.show({});
    const button = make("button", { type: "button", class: "btn", onclick: run, hidden: true }, [
      icon("refresh"),
      make("span", {}),
    ]);
    bar.append(button);
    return button;
  }
}
