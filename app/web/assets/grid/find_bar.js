/**
 * Finding and replacing in the grid: a bar above it. The server looks through all rows that are
 * shown, loaded or not; where it does not (tables of other systems), the loaded rows are looked through.
 */

import { notify } from "../common/dialog.js";
import { make, onEscape } from "../common/dom.js";
import { RequestProblem, requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { makeHow } from "./bulk_edit_dialog.js";
import { changeInBulk, chosenRows } from "./bulk_changes.js";
import { findInLoaded, isFoundIn, replacedIn, searchedText } from "./find_text.js";
import { offerUndo } from "./undo_offer.js";
import { parseText } from "./values.js";

const typingDelay = 350;

/** The bar of one grid. */
export class FindBar {
  constructor(app) {
    this.app = app;
    this.found = [];
    this.current = -1;
    this.asked = 0;
  }

  /** Open it, to replace as well where that is asked for and allowed. */
  open({ isReplacing = false } = {}) {
    this.element ??= this.#make();
    const mayReplace = isReplacing && this.app.sheet.canEdit;
    if (isReplacing && !mayReplace) notify(this.app.sheet.lockReason ?? this.app.sheet.spec.rights.edit);
    this.element.hidden = false;
    this.replacing.hidden = !mayReplace;
    this.text.focus();
    this.text.select();
    this.search();
  }

  close() {
    this.element.hidden = true;
    const active = this.app.grid.getActiveCell();
    if (active) this.app.view.goTo(active.row, active.cell);
  }

  #make() {
    const button = (key, run, style = "") =>
      make("button", { type: "button", class: `btn btn-sm ${style}`, text: t(key), onclick: run });
    const input = (key) =>
      make("input", { type: "text", class: "form-control", maxlength: 200, "aria-label": t(key), placeholder: t(key) });
    this.text = input("find_text");
    this.replacement = input("find_replacement");
    this.how = makeHow();
    this.told = make("span", { class: "find-told", role: "status" });
    this.replacing = make("span", { class: "find-part" }, [
      this.replacement,
      button("find_replace", () => this.#replaceOne()),
      button("find_replace_all", () => this.#replaceAll()),
    ]);
    const element = make("section", { class: "find-bar", "aria-label": t("find_title") }, [
      make("span", { class: "find-part" }, [
        this.text,
        button("find_previous", () => this.#step(-1)),
        button("find_next", () => this.#step(1)),
      ]),
      this.replacing,
      this.how.element,
      this.told,
      button("close", () => this.close(), "find-close"),
    ]);
    this.#listen(element);
    this.app.container.closest(".entry-body").before(element);
    return element;
  }

  #listen(element) {
    onEscape(element, () => this.close());
    const later = () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.search(), typingDelay);
    };
    this.text.addEventListener("input", later);
    this.how.element.addEventListener("change", later);
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.#step(event.shiftKey ? -1 : 1);
    });
  }

  /** Look for the text anew; answers whether it was found. */
  async search() {
    window.clearTimeout(this.timer);
    const wanted = this.text.value;
    this.asked += 1;
    const { asked } = this;
    this.searched = this.#signature();
    if (wanted === "") {
      this.#take([], 0, "");
      return;
    }
    try {
      const { found, cells } = await this.#find(wanted);
      if (asked === this.asked) this.#take(found, cells, wanted);
    } catch (problem) {
      if (!(problem instanceof RequestProblem)) throw problem;
      this.told.textContent = problem.message;
    }
  }

  #signature() {
    return JSON.stringify([this.text.value, this.how.read(), this.app.reading.query()]);
  }

  async #find(wanted) {
    const { app } = this;
    const how = this.how.read();
    const fields = app.sheet.fields.filter(({ masked }) => !masked);
    if (!app.addresses.findUrl) {
      const found = findInLoaded(app.sheet, fields, wanted, how);
      return { found, cells: found.length };
    }
    // What is typed here counts as well: it is on its way to the server first.
    app.view.commit();
    await app.saver.flush();
    const body = { ...chosenRows(app), text: wanted, fields: fields.map(({ code }) => code), ...how };
    const { rows, cells } = await requestJson(app.addresses.findUrl, { method: "POST", body });
    const here = new Map(app.store.loadedRows().map((row) => [row.id, row]));
    const codes = fields.map(({ code }) => code);
    const found = rows.flatMap(({ id, position, fields: holding }) => {
      const row = here.get(id);
      const place = row ? app.store.positionOf(row) : position;
      return codes.filter((code) => holding.includes(code)).map((code) => ({ id, position: place, code }));
    });
    found.sort((left, right) => left.position - right.position);
    return { found, cells };
  }

  #take(found, cells, wanted) {
    this.found = found;
    this.cells = cells;
    this.current = -1;
    this.#tell(wanted);
  }

  #tell(wanted = this.text.value) {
    const { found, cells, current } = this;
    const isPart = !this.app.addresses.findUrl;
    if (wanted === "") this.told.textContent = "";
    else if (found.length === 0) this.told.textContent = t(isPart ? "find_nothing_loaded" : "find_nothing");
    else if (current < 0) this.told.textContent = t(isPart ? "find_count_loaded" : "find_count", { count: cells });
    else this.told.textContent = t("find_place", { place: current + 1, count: cells });
  }

  async #step(direction) {
    if (this.searched !== this.#signature()) await this.search();
    const { found } = this;
    if (found.length === 0) return;
    this.current = this.current < 0 ? this.#nearest(direction) : this.current + direction;
    this.current = (this.current + found.length) % found.length;
    await this.#show(found[this.current]);
    this.#tell();
  }

  // From where the active cell stands, as in a spreadsheet.
  #nearest(direction) {
    const active = this.app.grid.getActiveCell();
    if (!active) return direction > 0 ? 0 : this.found.length - 1;
    const order = ({ position, code }) => position * 10_000 + this.#cellOf(code);
    const here = active.row * 10_000 + active.cell;
    const next = this.found.findIndex((each) => (direction > 0 ? order(each) >= here : order(each) > here));
    if (direction > 0) return next < 0 ? 0 : next;
    return (next < 0 ? this.found.length : next) - 1;
  }

  #cellOf(code) {
    return this.app.sheet.fields.findIndex((field) => field.code === code) + 1;
  }

  async #show({ position, code }) {
    const { app } = this;
    await app.store.ensure(position, position);
    app.view.goTo(position, this.#cellOf(code));
    // The search goes on with Enter.
    this.text.focus();
  }

  async #replaceOne() {
    const { app } = this;
    const wanted = this.text.value;
    if (this.searched !== this.#signature() || this.current < 0) {
      await this.#step(1);
      return;
    }
    const { position, code } = this.found[this.current];
    const field = app.sheet.fields[this.#cellOf(code) - 1];
    const row = app.sheet.at(position);
    const text = row && searchedText(field, row.values[code]);
    if (!text || !isFoundIn(text, wanted, this.how.read())) {
      await this.search();
      return;
    }
    const value = parseText(field, replacedIn(text, wanted, this.replacement.value, this.how.read()));
    if (app.sheet.setCells([{ row, field, value }]) === 0) notify(t("find_closed"));
    else {
      this.found.splice(this.current, 1);
      this.cells -= 1;
      this.current -= 1;
    }
    await this.#step(1);
    this.#tell();
  }

  async #replaceAll() {
    const { app } = this;
    const wanted = this.text.value;
    if (wanted === "") return;
    const how = this.how.read();
    const fields = app.sheet.fields.filter(
      ({ masked, editable, type }) => !masked && editable !== false && type !== "boolean" && type !== "binary",
    );
    if (app.addresses.bulkEditUrl) {
      const value = this.replacement.value;
      const edits = fields.map(({ code }) => ({ field: code, do: "replace", find: wanted, value, ...how }));
      await changeInBulk(app, { title: t("find_replace_all"), edits });
    } else this.#replaceLoaded(fields, wanted, how);
    await this.search();
  }

  #replaceLoaded(fields, wanted, how) {
    const { app } = this;
    const byCode = new Map(fields.map((field) => [field.code, field]));
    const edits = findInLoaded(app.sheet, fields, wanted, how).map(({ position, code }) => {
      const row = app.sheet.at(position);
      const field = byCode.get(code);
      const text = searchedText(field, row.values[code]);
      return { row, field, value: parseText(field, replacedIn(text, wanted, this.replacement.value, how)) };
    });
    const count = app.sheet.setCells(edits);
    if (count > 0) offerUndo(app, t("find_replaced_loaded", { count }));
    else notify(t("find_replaced_loaded", { count }), { seconds: 15 });
  }
}
