/**
 * The line under the columns: sum, average and filled share of the rows that are shown, counted by
 * the server when it is asked for.
 */

import { notify } from "../common/dialog.js";
import { fill, make } from "../common/dom.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

/** Share of filled cells in words; never 100 % while a cell is empty, never 0 while one is filled. */
export function filledShare(filled, rows) {
  if (rows === 0) return "";
  const share = (filled / rows) * 100;
  const isNearlyAll = filled < rows && share > 99;
  const isNearlyNone = filled > 0 && share < 1;
  if (isNearlyAll || isNearlyNone) return t(isNearlyAll ? "totals_nearly_all" : "totals_nearly_none");
  return `${Math.round(share)}%`;
}

function makeLines(total, rows) {
  const lines = [
    [t("totals_sum"), total.sum],
    [t("totals_average"), total.average],
    [t("totals_filled"), filledShare(total.filled, rows)],
  ];
  return lines
    .filter(([, text]) => text !== null && text !== "")
    .map(([name, text]) =>
      make("div", { class: "total-line", title: `${name} ${text}` }, [
        make("span", { class: "total-name", text: name }),
        make("span", { class: "total-value", text: String(text) }),
      ]),
    );
}

// From the most comfortable look to the one that leaves all room to the number.
const looks = ["", "is-tight", "is-bare"];

/** Give each line the first look in which its number stands whole, or the last one. */
export function fitLines(lines) {
  for (const line of lines) {
    const value = line.lastElementChild;
    for (const look of looks) {
      line.className = `total-line ${look}`.trim();
      if (value.scrollWidth <= value.clientWidth) break;
    }
  }
}

/** The totals of one grid. */
export class Totals {
  /** @param {object} options {grid, button, address: function(): string} */
  constructor({ grid, button, address }) {
    this.grid = grid;
    this.button = button;
    this.address = address;
    this.totals = null;
    this.asked = 0;
    grid.onFooterRowCellRendered.subscribe((event, { node, column }) => this.#draw(node, column.id));
    grid.onColumnsResized.subscribe(() => this.#fit());
  }

  get isShown() {
    return this.totals !== null;
  }

  async toggle() {
    if (this.isShown) this.#hide();
    else await this.refresh();
  }

  /** Count again, after other rows are shown or cells were saved. */
  async refresh() {
    this.asked += 1;
    const { asked } = this;
    this.button?.setAttribute("aria-busy", "true");
    try {
      const totals = await requestJson(this.address());
      if (asked === this.asked) this.#show(totals);
    } catch (problem) {
      this.#hide();
      notify(problem.message);
    } finally {
      this.button?.removeAttribute("aria-busy");
    }
  }

  #show(totals) {
    this.totals = totals;
    this.grid.setFooterRowVisibility(true);
    for (const { id } of this.grid.getColumns()) this.#draw(this.grid.getFooterRowColumn(id), id);
    this.#follow();
    this.#mark();
  }

  // A line that has just been shown stands at its beginning, wherever the columns are scrolled to.
  #follow() {
    for (const line of this.grid.getContainerNode().querySelectorAll(".slick-footerrow")) {
      line.scrollLeft = line.parentElement.querySelector(".slick-viewport")?.scrollLeft ?? 0;
    }
  }

  #hide() {
    this.totals = null;
    this.grid.setFooterRowVisibility(false);
    this.#mark();
  }

  #mark() {
    this.button?.classList.toggle("is-active", this.isShown);
    this.button?.setAttribute("aria-pressed", String(this.isShown));
  }

  #draw(node, code) {
    if (!node) return;
    const total = this.totals?.fields[code];
    fill(node, ...(total ? makeLines(total, this.totals.rows) : []));
    fitLines(node.children);
  }

  #fit() {
    if (!this.isShown) return;
    for (const { id } of this.grid.getColumns()) {
      fitLines(this.grid.getFooterRowColumn(id)?.children ?? []);
    }
  }
}
