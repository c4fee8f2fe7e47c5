/**
 * What of the table is shown: filter, order, search and columns; and everything on the page that
 * follows from it: the panels, the address, the links to files, the marks in the headings.
 */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";
import { ColumnLayout } from "./column_layout.js";
import { ColumnsPanel } from "./columns_panel.js";
import { FilterPanel } from "./filter_panel.js";
import { compileTree, countConditions } from "./filter_tree.js";
import { followRows, readAddress, writeAddress } from "./page_address.js";

const nothingWanted = { filter: null, sort: "", q: "" };
// What is wrong with the filter itself; anything else has nothing to do with it.
const refusals = new Set(["invalid", "forbidden", "malformed"]);

/** What is shown, and how it is changed. */
export class Reading {
  /** @param {object} app the grid's app @param {object} spec */
  constructor(app, spec) {
    this.app = app;
    this.spec = spec;
    this.layout = new ColumnLayout(spec.fields);
    this.wanted = { ...nothingWanted };
    this.saved = null;
    this.refusal = "";
  }

  /** What rows are asked with: texts, named periods put into days. */
  query({ filter, sort, q } = this.wanted) {
    const compiled = compileTree(filter, this.spec.fields, this.spec.today);
    return { q, sort, filter: compiled ? JSON.stringify(compiled) : "" };
  }

  /** Load the first rows as the address asks for; what it cannot have is told in the panel. */
  async begin() {
    const { q, sort, filter } = readAddress(window.location.search);
    this.wanted = { q, sort, filter };
    try {
      await this.app.store.reload(this.#queryOrNone());
    } catch (problem) {
      if (!refusals.has(problem.kind) || (!q && !sort && !filter)) throw problem;
      this.refused = this.wanted;
      this.refusal = problem.message;
      this.wanted = { ...nothingWanted };
      await this.app.store.reload(this.query());
    }
  }

  // An address may hold anything: what is no tree at all is as good as no filter.
  #queryOrNone() {
    try {
      return this.query();
    } catch {
      this.wanted.filter = null;
      return this.query();
    }
  }

  /** Bind to the page, once the grid is on it. */
  attach() {
    const { picker } = this.app;
    this.elements = {
      filterButton: document.querySelector('[data-action="filter"]'),
      clearButton: document.querySelector('[data-action="clear-filter"]'),
      columnsButton: document.querySelector('[data-action="columns"]'),
      search: document.getElementById("grid-search"),
    };
    this.filterPanel = new FilterPanel({
      element: document.getElementById("filter-panel"),
      fields: this.spec.fields,
      picker,
      onApply: (filter) => this.show({ filter }),
    });
    this.columnsPanel = new ColumnsPanel({
      element: document.getElementById("columns-panel"),
      layout: this.layout,
      onChange: () => this.#onLayout(),
    });
    this.app.view.onArranged = () => this.#onArranged();
    this.filterPanel.take(this.refusal ? this.refused.filter : this.wanted.filter);
    this.#showWanted();
    this.#markSorted();
    if (this.refusal) this.filterPanel.open(this.refusal);
  }

  /** Buttons by name. */
  get actions() {
    return {
      filter: () => this.#toggle(this.filterPanel, this.columnsPanel),
      columns: () => this.#toggle(this.columnsPanel, this.filterPanel),
      "clear-filter": () => this.#clearFilter(),
    };
  }

  #toggle(panel, other) {
    other.close();
    if (panel.isOpen) panel.close();
    else panel.open();
    this.#showWanted();
  }

  async #clearFilter() {
    this.filterPanel.close();
    const reason = await this.show({ filter: null });
    if (reason) notify(reason);
    else this.filterPanel.take(null);
  }

  /**
   * Show other rows or another order.
   * @param {{filter?: object|null, sort?: string, q?: string}} changed
   * @returns {Promise<string|null>} why not, null when they are shown
   */
  async show(changed) {
    const wanted = { ...this.wanted, ...changed };
    const reason = await this.app.reload(this.query(wanted));
    if (reason !== null) return reason;
    this.wanted = wanted;
    this.#showWanted();
    return null;
  }

  /** Order by a column, or keep the present order when that cannot be. */
  async sort(column, isAscending) {
    const reason = await this.show({ sort: `${isAscending ? "" : "-"}${column.id}` });
    if (reason === null) return;
    notify(reason);
    this.#markSorted();
  }

  #markSorted() {
    const { sort } = this.wanted;
    const isShown = this.layout.shown.some(({ code }) => code === sort.replace("-", ""));
    const sorted = { columnId: sort.replace("-", ""), sortAsc: !sort.startsWith("-") };
    this.app.grid.setSortColumns(sort && isShown ? [sorted] : []);
  }

  #showWanted() {
    const { filterButton, clearButton, columnsButton, search } = this.elements;
    const count = countConditions(this.wanted.filter);
    setCount(filterButton, count);
    setCount(columnsButton, this.layout.hiddenCount, t("columns_hidden", { count: this.layout.hiddenCount }));
    filterButton?.setAttribute("aria-expanded", String(this.filterPanel.isOpen));
    columnsButton?.setAttribute("aria-expanded", String(this.columnsPanel.isOpen));
    if (clearButton) clearButton.hidden = count === 0;
    if (search && document.activeElement !== search) search.value = this.wanted.q;
    const address = writeAddress(window.location.href, { ...this.wanted, saved: this.saved?.id });
    window.history.replaceState(null, "", address);
    followRows(document.querySelectorAll("a[data-follows-rows]"), this.query());
  }

  // The panel changed the layout: the grid has to follow.
  #onLayout() {
    const { sheet, view, selection } = this.app;
    sheet.fields = this.layout.shown;
    view.arrange();
    selection.collapse();
    this.#markSorted();
    this.#tellTooWide();
    this.#showWanted();
  }

  // Once for every choice, not with every column that is moved afterwards.
  #tellTooWide() {
    const { frozen } = this.layout;
    const isTooWide = !this.layout.fits(this.app.container.clientWidth);
    if (isTooWide && this.toldTooWide !== frozen) notify(t("columns_too_wide"));
    this.toldTooWide = isTooWide ? frozen : null;
  }

  // Somebody dragged in the grid: the layout has followed already.
  #onArranged() {
    this.app.sheet.fields = this.layout.shown;
    this.app.selection.collapse();
    if (this.columnsPanel.isOpen) this.columnsPanel.draw();
  }
}

function setCount(button, count, title = "") {
  if (!button) return;
  const badge = button.querySelector("[data-count]");
  if (badge) {
    badge.textContent = count > 0 ? String(count) : "";
    badge.hidden = count === 0;
  }
  button.classList.toggle("is-active", count > 0);
  if (title) button.title = count > 0 ? title : "";
}
