/**
 * Last year beside this year: marks rows that were taken over until somebody confirms them, and
 * shows beside every cell what stood there last year.
 */

import { notify } from "../common/dialog.js";
import { icon, make } from "../common/dom.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { formatValue, isEmpty, isSameValue } from "./values.js";

const mostAtOnce = 200;
const usualHeight = 32;
const comparedHeight = 46;
// Years and codes hardly change by so little; a per cent of them says nothing.
const leastTold = 0.01;
const numeric = new Set(["integer", "number"]);

/**
 * How much a number has changed, in per cent of last year's; null where that says nothing.
 * @returns {string|null}
 */
export function percentChange(field, before, now) {
  if (!numeric.has(field.type) || isEmpty(before) || isEmpty(now)) return null;
  const [from, to] = [Number(before), Number(now)];
  if (!Number.isFinite(from) || !Number.isFinite(to) || from === 0 || from === to) return null;
  const change = Number((((to - from) / Math.abs(from)) * 100).toFixed(1));
  return change === 0 ? null : `${change > 0 ? "+" : "−"}${Math.abs(change)}%`;
}

/**
 * What to say of a cell and last year's value.
 * @returns {{isChanged: boolean, text: string, short: string}|null} null where nothing is known of last year
 */
export function compareCell(field, value, last) {
  if (!last || !(field.code in last)) return null;
  const before = last[field.code];
  const isChanged = !(isEmpty(before) && isEmpty(value)) && !isSameValue(field, value, before);
  const shown = isEmpty(before) ? t("last_year_empty") : formatValue(field, before, null);
  const percent = percentChange(field, before, value);
  const text = percent ? t("last_year_percent", { value: shown, percent }) : t("last_year", { value: shown });
  const isTelling = percent && Math.abs(Number(value) / Number(before) - 1) >= leastTold;
  const short = t("last_year_short", { value: shown }) + (isTelling ? ` ${percent}` : "");
  return { isChanged, text, short };
}

/** What the grid knows of last year. */
export class LastYear {
  /** @param {object} app the grid's application */
  constructor(app) {
    this.app = app;
    this.isComparing = false;
    this.known = new Map();
    this.refusal = null;
    this.notice = document.getElementById("carried-notice");
    this.emptyOffer = document.getElementById("grid-empty-carry");
    this.waiting = Number(this.notice?.dataset.waiting ?? 0);
  }

  get actions() {
    return {
      "compare-last-year": () => this.toggle(),
      "only-waiting": () => this.#showOnly(!this.app.reading.wanted.waiting),
      "unchanged-selected": () => this.#confirmSelected(),
      "unchanged-all": () => this.#confirmAll(),
    };
  }

  /** Show last year's value under every cell that differs, or no longer. */
  async toggle() {
    this.isComparing = !this.isComparing;
    for (const button of document.querySelectorAll('[data-action="compare-last-year"]')) {
      button.setAttribute("aria-pressed", String(this.isComparing));
      button.classList.toggle("active", this.isComparing);
    }
    const rowHeight = this.isComparing ? comparedHeight : usualHeight;
    this.app.grid.setOptions({ rowHeight });
    this.app.view.redraw();
    await this.#fetch();
    if (this.isComparing && this.refusal) notify(this.refusal, { seconds: 12 });
  }

  /** Rows came or changed: what has been confirmed by an edit, what has to be asked for. */
  update() {
    this.#drawNotice();
    const { waiting } = this.app.reading.wanted;
    if (this.emptyOffer) this.emptyOffer.hidden = this.app.store.length > 0 || waiting;
    if (this.isComparing) this.#fetch();
  }

  /** Saved rows have been looked at; deleted ones wait no more, until they come back. */
  onSaved(rows) {
    for (const row of rows) {
      this.known.delete(row.id);
      const isGone = row.isDeleted || row.isNew;
      const comesBack = !isGone && row.waitedWhenDeleted;
      if (row.carried) this.#setWaiting(this.waiting - 1);
      if (comesBack) this.#setWaiting(this.waiting + 1);
      row.waitedWhenDeleted = isGone && row.carried;
      row.carried = Boolean(comesBack);
    }
    this.update();
  }

  /** The server has changed rows by itself, loaded here or not; so many of all are waiting now. */
  onChangedThere(rows, waiting) {
    for (const row of rows) {
      this.known.delete(row.id);
      row.carried = false;
    }
    this.#setWaiting(waiting);
  }

  /** Complete what a cell is drawn with. */
  decorate(row, field, drawn) {
    const classes = [drawn.addClasses ?? ""];
    if (row.carried) classes.push("is-carried");
    const found = this.isComparing ? compareCell(field, row.values[field.code], this.known.get(row.id)) : null;
    if (!found) return { ...drawn, addClasses: classes.join(" ") };
    const first = drawn.html ?? make("span", { class: "cell-text", text: drawn.text || "\u00a0" });
    first.title = [first.title, found.text].filter(Boolean).join("\n");
    const { removeClasses } = drawn;
    // Words about a cell stand on what is in it: the grid never takes those of the cell itself away.
    if (!found.isChanged) return { html: first, removeClasses, addClasses: classes.join(" ") };
    const html = make("div", { class: "compared", title: found.text }, [
      first,
      make("small", { class: "last-value", text: found.short }),
    ]);
    return { html, removeClasses, addClasses: [...classes, "is-changed"].join(" ") };
  }

  /** What to say of a row as a whole. */
  tellRow(row) {
    if (row.carried) return t("cell_carried");
    return this.isComparing && this.known.get(row.id) === null ? t("no_row_last_year") : "";
  }

  /** Classes of the number of a row: taken over, or not there last year. */
  markRow(row) {
    const isNew = this.isComparing && this.known.get(row.id) === null;
    return [row.carried ? "is-carried" : "", isNew ? "is-changed" : ""].join(" ").trim();
  }

  // One request after another, each for every loaded row that is not known yet.
  #fetch() {
    this.fetching = (this.fetching ?? Promise.resolve()).then(() => this.#fetchMissing());
    return this.fetching;
  }

  async #fetchMissing() {
    const rows = this.app.store.loadedRows().filter((row) => !row.isNew && !this.known.has(row.id));
    for (let start = 0; start < rows.length; start += mostAtOnce) {
      const some = rows.slice(start, start + mostAtOnce);
      const ids = some.map(({ id }) => id);
      try {
        const answer = await requestJson(this.app.address("previousUrl", { ids: ids.join(",") }));
        for (const id of ids) this.known.set(id, answer.rows[id] ?? null);
        this.refusal = answer.why_not;
      } catch (problem) {
        this.refusal = problem.message;
        return;
      }
      if (this.isComparing) this.app.view?.refreshRows(some);
    }
  }

  /** What stood in the row last year; null where it was not there. */
  async valuesOf(row) {
    if (!this.known.has(row.id)) await this.#fetch();
    return this.known.get(row.id) ?? null;
  }

  // Show only the rows that wait, or all again; whatever else is filtered stays.
  async #showOnly(waiting) {
    const reason = await this.app.reading.show({ waiting });
    if (reason) notify(reason);
    this.#drawNotice();
  }

  #confirmSelected() {
    const block = this.app.selection.block();
    const ids = [];
    for (let position = block?.top ?? 0; block && position <= block.bottom; position += 1) {
      const row = this.app.sheet.at(position);
      if (row?.carried) ids.push(row.id);
    }
    if (ids.length === 0) notify(t("none_carried_selected"));
    else this.#confirm({ ids: ids.slice(0, 500) });
  }

  #confirmAll() {
    const { q, filter } = this.app.store.query;
    this.#confirm({ ...(q ? { q } : {}), ...(filter ? { filter } : {}) });
  }

  async #confirm(wanted) {
    this.app.view.commit();
    await this.app.saver.flush();
    try {
      const body = { ...this.app.scope, ...wanted };
      const url = this.app.addresses.unchangedUrl;
      const { confirmed, waiting } = await requestJson(url, { method: "POST", body });
      this.#forgetMarks(wanted);
      this.#setWaiting(waiting);
      notify(t("rows_unchanged", { count: confirmed }));
      if (this.app.reading.wanted.waiting) await this.#showOnly(waiting > 0);
    } catch (problem) {
      notify(problem.message, { seconds: 12 });
    }
  }

  #forgetMarks({ ids }) {
    const named = ids && new Set(ids);
    for (const row of this.app.store.loadedRows()) {
      if (!named || named.has(row.id)) row.carried = false;
    }
    this.app.view.redraw();
    // What stands beside the active cell says so as well.
    this.app.showFindings();
  }

  #setWaiting(count) {
    this.waiting = Math.max(0, count);
    this.#drawNotice();
  }

  // While only waiting rows are shown the way back to all of them stays.
  #drawNotice() {
    if (!this.notice) return;
    const isFiltered = Boolean(this.app.reading?.wanted.waiting);
    this.notice.hidden = this.waiting === 0 && !isFiltered;
    this.notice.querySelector("[data-text]").textContent = t("rows_waiting", { count: this.waiting });
    const button = this.notice.querySelector('[data-action="only-waiting"]');
    button?.setAttribute("aria-pressed", String(isFiltered));
    button?.classList.toggle("active", isFiltered);
  }
}

/**
 * The section of the detail panel on last year's value of a cell; it fills itself when it is known.
 * @returns {HTMLElement|null}
 */
export function makeLastYearSection(sheet, row, field) {
  const { lastYear } = sheet;
  if (!lastYear || row.isNew || sheet.isPlaceholder(row)) return null;
  const text = make("span", {});
  const section = make("p", { class: "detail-last", hidden: true }, [icon("history"), text]);
  lastYear.valuesOf(row).then((last) => {
    const found = compareCell(field, row.values[field.code], last);
    if (!found && !row.carried) return;
    text.textContent = [row.carried ? t("cell_carried") : "", found?.text ?? ""].filter(Boolean).join(" ");
    section.hidden = false;
  });
  return section;
}
