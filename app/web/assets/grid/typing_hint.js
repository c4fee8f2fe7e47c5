/**
 * What is wrong with the text that is being typed, beside its cell, a moment after the last key: what
 * the field alone can tell at once, and what the rules say of the row as the server tries it out.
 * Nothing is saved for it, and the cell keeps the focus.
 */

import { RequestProblem } from "../common/http.js";
import { icon, make } from "../common/dom.js";
import { checkValue } from "./checks.js";
import { textsOf } from "./row.js";
import { isEmpty, isSameValue } from "./values.js";

const ownDelay = 400;
const rowDelay = 400;
const gap = 4;

/** The line under the cell that is being typed into. */
export class TypingHint {
  /**
   * @param {object} options
   * @param {HTMLElement} options.container the grid
   * @param {object} options.sheet
   * @param {function(): object|null} options.editor the editor in which something is being typed
   * @param {function(object[]): Promise<object>} options.tryOut what would become of changes
   */
  constructor({ container, sheet, editor, tryOut }) {
    Object.assign(this, { sheet, editor, tryOut });
    this.turn = 0;
    this.element = make("div", { class: "typing-hint", role: "status", hidden: true });
    document.body.append(this.element);
    container.addEventListener("input", (event) => event.isComposing || this.#wait());
    container.addEventListener("compositionend", () => this.#wait());
    container.addEventListener("focusout", () => this.hide());
    // Esc gives the cell its text back; the grid moves under the line when it is scrolled.
    container.addEventListener("keydown", ({ key }) => key === "Escape" && this.hide(), { capture: true });
    container.addEventListener("scroll", () => this.hide(), { capture: true });
  }

  /** Say nothing any more, and nothing of what is still being asked. */
  hide() {
    this.turn += 1;
    this.element.hidden = true;
  }

  async #wait() {
    this.turn += 1;
    const { turn } = this;
    const isLate = () => turn !== this.turn || this.editor() === null;
    await pause(ownDelay);
    if (isLate()) return;
    const { field, row, input, list } = this.editor();
    // A list under the cell tells by itself what there is to choose from.
    if (list?.isOpen) return;
    const value = this.editor().currentValue();
    const own = checkValue(field, value);
    this.#show(input, own ? [own.message] : []);
    if (own || row.isNew || row.conflict || !this.#triesRows) return;
    await pause(rowDelay);
    if (isLate()) return;
    const said = await this.#ofRow(row, field, value);
    if (!isLate()) this.#show(input, said);
  }

  // The database of another system is not written to while somebody types, not even to take it back.
  get #triesRows() {
    return this.sheet.spec.kind !== "adopted";
  }

  /** What the rules would say that is not said yet; nothing where the server cannot be asked. */
  async #ofRow(row, field, value) {
    const typed = { [field.code]: isEmpty(value) ? null : value };
    const { version, id, values } = row.change(this.sheet.allFields) ?? { ...row, values: {} };
    if (isSameValue(field, row.values[field.code], value)) return [];
    try {
      const change = { op: "update", id, version, values: { ...values, ...typed } };
      const { results } = await this.tryOut([change]);
      const known = new Set(Object.values(row.states).flatMap((state) => textsOf(state)));
      return (results[0]?.findings ?? []).map(({ message }) => message).filter((text) => !known.has(text));
    } catch (problem) {
      if (problem instanceof RequestProblem) return [];
      throw problem;
    }
  }

  #show(input, texts) {
    this.element.hidden = texts.length === 0;
    if (texts.length === 0) return;
    const lines = [...new Set(texts)].map((text) => make("div", { text }));
    this.element.replaceChildren(icon("alert-circle"), make("div", {}, lines));
    const cell = (input.closest(".slick-cell") ?? input).getBoundingClientRect();
    const below = Math.max(cell.bottom, input.getBoundingClientRect().bottom) + gap;
    const { offsetWidth, offsetHeight } = this.element;
    const top = below + offsetHeight > window.innerHeight ? cell.top - offsetHeight - gap : below;
    this.element.style.top = `${top}px`;
    this.element.style.left = `${Math.max(gap, Math.min(cell.left, window.innerWidth - offsetWidth - 16))}px`;
  }
}

function pause(delay) {
  return new Promise((resolve) => window.setTimeout(resolve, delay));
}
