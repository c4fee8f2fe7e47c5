/**
 * What came back of the table, in the grid: marked at its cells, reached one after the other, answered
 * beside the cell. Reviewers put items on cells here and send them along with the table.
 */

import { CollectedItems } from "../common/collected_items.js";
import { notify } from "../common/dialog.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

const openStates = new Set(["open", "reopened"]);

/** Whether an item waits for an answer. */
export function isOpenItem({ state }) {
  return openStates.has(state);
}

/**
 * The item after the one last visited, beginning anew after the last.
 * @param {object[]} items open ones of rows, in their order
 * @param {number} last number of the item last visited
 */
export function nextItem(items, last) {
  return items.find(({ number }) => number > last) ?? items[0] ?? null;
}

/** The return items of the grid's place. */
export class ReturnItems {
  /** @param {object} app */
  constructor(app) {
    this.app = app;
    this.items = [];
    this.last = 0;
    const { submission, submissionVersion } = app.addresses;
    this.collected = submission ? new CollectedItems(submission, submissionVersion) : null;
    this.actions = { "next-item": () => this.goToNext() };
  }

  attach() {
    return this.ask();
  }

  /** Ask the server what came back, and draw it. */
  async ask() {
    try {
      const answer = await requestJson(this.app.address("returnedUrl"));
      this.submission = answer.submission;
      this.items = answer.items.filter(({ state }) => state !== "closed");
      this.left = answer.left;
    } catch (problem) {
      if (!problem.kind) throw problem;
      return;
    }
    this.draw();
  }

  draw() {
    this.app.view.refreshStates(this.app.store.loadedRows());
    this.app.showFindings();
    const banner = document.querySelector(".only-wide #returned-banner");
    const told = banner?.querySelector("[data-left-text]");
    if (!told) return;
    told.textContent = this.left > 0 ? t("return_left", { count: this.left }) : t("return_all_answered");
    const button = banner.querySelector('[data-action="next-item"]');
    if (button) button.hidden = this.left === 0;
  }

  /** The items of a cell; without a code those of the row itself. */
  of(row, code) {
    if (!row?.id) return [];
    return this.items.filter((item) => item.row === row.id && (item.field ?? "") === code);
  }

  /** The collected items of a cell, or of the row itself. */
  collectedOf(row, code) {
    if (!row?.id || !this.collected) return [];
    return this.collected.all().filter((item) => item.row === row.id && item.field === code);
  }

  /** The mark of a cell or row with its words, as a list. */
  marksOf(row, code) {
    const found = this.of(row, code);
    const collected = this.collectedOf(row, code);
    const reasons = [...found, ...collected].map(({ reason }) => reason);
    if (reasons.length === 0) return [];
    const isOpen = collected.length > 0 || found.some(isOpenItem);
    return [{ name: isOpen ? "has-return" : "has-answered-return", words: t("return_mark", { reasons: reasons.join("\n") }) }];
  }

  /** Go to the next item of a row that waits for an answer. */
  async goToNext() {
    const next = nextItem(this.items.filter((item) => item.row && isOpenItem(item)), this.last);
    if (!next) {
      notify(t(this.left > 0 ? "return_whole_table" : "return_all_answered"));
      return;
    }
    this.last = next.number;
    const position = await this.#positionOf(next);
    if (position < 0) {
      notify(t("return_row_gone", { reason: next.reason }), { seconds: 15 });
      return;
    }
    const index = this.app.sheet.fields.findIndex(({ code }) => code === next.field);
    this.app.view.goTo(position, Math.max(index, 0) + 1);
  }

  async #positionOf(item) {
    const { store } = this.app;
    const find = () => store.rows.findIndex((each) => each?.id === item.row);
    const { q, filter, sort } = store.query;
    if (find() < 0 && (q || filter || sort)) {
      const reason = await this.app.reading.show({ filter: null, q: "", sort: "" });
      if (reason !== null) notify(reason);
    }
    // New rows and deletions have moved the others a little.
    if (find() < 0) await store.ensure((item.row_number ?? 1) - 4, (item.row_number ?? 1) + 2).catch(() => {});
    return find();
  }

  /**
   * Answer an item or judge the answer.
   * @returns {Promise<string|null>} why not, null when it is done
   */
  async act(item, verb, text) {
    const { app } = this;
    app.view.commit();
    // What was typed has to be stored before the server is told that it was changed.
    await app.saver.flush();
    if (app.queue.countUnsaved() > 0) return t("save_first");
    const one = `/api/v1/submissions/${this.submission}/items/${item.number}`;
    const answers = { change: "changed", explain: "explained" };
    const isAnswer = verb in answers;
    const body = isAnswer ? { answer: answers[verb], text } : verb === "reopen" ? { reason: text } : {};
    try {
      await requestJson(`${one}/${isAnswer ? "answer" : verb}`, { method: "POST", body });
    } catch (problem) {
      if (!problem.kind) throw problem;
      return problem.message;
    }
    await this.ask();
    return null;
  }

  /** Put an item on a cell, or on the row where ``field`` is none. */
  collect(row, field, position, reason) {
    const place = field ? t("return_place", { row: position + 1, field: field.label }) : t("row_number", { row: position + 1 });
    const isKept = this.collected.add({ row: row.id, field: field?.code ?? "", place, reason });
    if (!isKept) return t("return_not_kept");
    this.draw();
    return null;
  }

  /** Take a collected item back. */
  takeOut(item) {
    this.collected.remove(item);
    this.draw();
  }
}
