/**
 * What of the table is shown: filter, order, search and columns; and everything on the page that
 * follows from it: the panels, the address, the links to files, the marks in the headings.
 */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";
import { ColumnLayout } from "./column_layout.js";
import { ColumnsPanel } from "./columns_panel.js";
import { FilterPanel } from "./filter_panel.js";
import { GroupsPanel } from "./groups_panel.js";
import { compileTree, countConditions, narrowed } from "./filter_tree.js";
import { carryAlong, followRows, readAddress, writeAddress } from "./page_address.js";
import { SavedViews } from "./saved_views.js";
import { Totals } from "./totals.js";

const nothingWanted = { filter: null, sort: "", q: "", waiting: false };
// Rows taken over from last year that nobody has confirmed: no field, but the server knows them.
const isWaiting = ["sys_carried", "=", true];
// What is wrong with the filter itself; anything else has nothing to do with it.
const refusals = new Set(["invalid", "forbidden", "malformed"]);

/** What is shown, and how it is changed. */
export class Reading {
  /** @param {object} app the grid's app @param {object} spec */
  constructor(app, spec) {
    this.app = app;
    this.spec = spec;
    // What rows can be filtered by: their own columns, and those of the rows they name.
    this.filtered = [...spec.fields, ...(spec.related ?? [])];
    this.layout = new ColumnLayout(spec.fields, spec.label_field);
    this.wanted = { ...nothingWanted };
    this.refusal = "";
    this.views = new SavedViews({
      address: (path) => app.address("viewsUrl", {}, path),
      defaultAddress: app.address("defaultViewUrl"),
      present: () => ({ ...contentOf(this.wanted), ...this.layout.toContent() }),
      show: (view) => this.#showView(view),
      onKept: () => this.#showWanted(),
    });
  }

  /** What rows are asked with: texts, named periods put into days. */
  query({ filter, sort, q, waiting } = this.wanted) {
    const compiled = compileTree(filter, this.filtered, this.spec.today);
    const parts = [compiled, waiting ? isWaiting : null].filter(Boolean);
    const whole = parts.length > 1 ? { and: parts } : parts[0];
    return { q, sort, filter: whole ? JSON.stringify(whole) : "" };
  }

  /** Load the first rows as the address asks for; what it cannot have is told in the panel. */
  async begin() {
    const asked = readAddress(window.location.search);
    await this.views.load();
    this.#beginWith(asked);
    const { q, sort, filter, waiting } = this.wanted;
    try {
      await this.app.store.reload(this.#queryOrNone());
    } catch (problem) {
      if (!refusals.has(problem.kind) || (!q && !sort && !filter && !waiting)) throw problem;
      this.refused = this.wanted;
      this.refusal = problem.message;
      this.wanted = { ...nothingWanted };
      await this.app.store.reload(this.query());
    }
  }

  // The address goes before the view it names: somebody may have filtered further.
  #beginWith({ isEmpty, saved, q, sort, filter, waiting }) {
    const { views } = this;
    views.current = isEmpty ? views.default : views.find(saved);
    if (saved && !views.current) notify(t("views_missing"));
    const content = views.current?.content;
    if (content) this.layout.apply(content);
    this.app.sheet.fields = this.layout.shown;
    const isOfView = isEmpty && content;
    this.wanted = isOfView ? wantedOf(content) : { q, sort, filter, waiting };
  }

  async #showView(view) {
    const wanted = view ? wantedOf(view.content) : nothingWanted;
    const reason = await this.show(wanted);
    if (reason !== null) return reason;
    if (view) this.layout.apply(view.content);
    else this.layout.reset();
    this.views.current = view;
    this.filterPanel.close();
    this.filterPanel.take(this.wanted.filter);
    if (this.columnsPanel.isOpen) this.columnsPanel.draw();
    this.#onLayout();
    return null;
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
      groupsButton: document.querySelector('[data-action="groups"]'),
      search: document.getElementById("grid-search"),
    };
    this.filterPanel = new FilterPanel({
      element: document.getElementById("filter-panel"),
      fields: this.filtered,
      picker,
      onApply: (filter) => this.show({ filter }),
    });
    this.columnsPanel = new ColumnsPanel({
      element: document.getElementById("columns-panel"),
      layout: this.layout,
      onChange: () => this.#onLayout(),
    });
    this.groupsPanel = new GroupsPanel({
      element: document.getElementById("groups-panel"),
      fields: this.spec.fields,
      picker,
      address: (asked) => this.app.address("groupsUrl", { ...this.query(), ...asked }),
      onChoose: (pairs) => this.#filterBy(pairs),
    });
    this.totals = new Totals({
      grid: this.app.grid,
      button: document.querySelector('[data-action="totals"]'),
      address: () => this.app.address("totalsUrl", this.query()),
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
      filter: () => this.#toggle(this.filterPanel),
      columns: () => this.#toggle(this.columnsPanel),
      groups: () => this.#toggle(this.groupsPanel),
      "clear-filter": () => this.#clearFilter(),
      totals: () => this.totals.toggle(),
    };
  }

  #toggle(panel) {
    for (const other of [this.filterPanel, this.columnsPanel, this.groupsPanel]) {
      if (other !== panel) other.close();
    }
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
    const isSameRows = ["filter", "q", "waiting"].every((name) => wanted[name] === this.wanted[name]);
    this.wanted = wanted;
    this.#showWanted();
    if (!isSameRows) this.onRowsChanged();
    return null;
  }

  /** Show only the rows that have this value in the field, of those that are shown. */
  async filterLike(field, value) {
    await this.#filterBy([[field, value]]);
  }

  async #filterBy(pairs) {
    const filter = pairs.reduce((tree, [field, value]) => narrowed(tree, field, value), this.wanted.filter);
    const reason = await this.show({ filter });
    if (reason) notify(reason);
    else this.filterPanel.take(this.wanted.filter);
  }

  /** Other rows are shown, or other values stored: totals and groups on screen are counted again. */
  onRowsChanged() {
    if (this.totals?.isShown) this.totals.refresh();
    this.groupsPanel?.refresh();
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
    const { filterButton, clearButton, columnsButton, groupsButton, search } = this.elements;
    const count = countConditions(this.wanted.filter);
    setCount(filterButton, count);
    setCount(columnsButton, this.layout.hiddenCount, t("columns_hidden", { count: this.layout.hiddenCount }));
    filterButton?.setAttribute("aria-expanded", String(this.filterPanel.isOpen));
    columnsButton?.setAttribute("aria-expanded", String(this.columnsPanel.isOpen));
    groupsButton?.setAttribute("aria-expanded", String(this.groupsPanel.isOpen));
    if (clearButton) clearButton.hidden = count === 0;
    if (search && document.activeElement !== search) search.value = this.wanted.q;
    const shown = { ...this.wanted, saved: this.views.current?.id };
    window.history.replaceState(null, "", writeAddress(window.location.href, shown));
    carryAlong(document.querySelector("form.place"), shown);
    this.views.draw();
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
    this.views.draw();
  }
}

// What waits to be confirmed is of today, not of a view that is kept.
function contentOf({ filter, sort, q }) {
  return { filter, sort, q };
}

function wantedOf({ filter = null, sort = "", q = "" }) {
  return { filter, sort, q, waiting: false };
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
