/**
 * Cell editors for typed text. A real input has the focus in the active cell all the time, so that
 * an input method works from the first key. Until something is typed the cell is only *selected*:
 * arrows move on, typing replaces. What replaces is *written over* the cell: arrows accept it and
 * move on. F2, a click into the text or a double click makes it *edited*: arrows move the caret.
 */

import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { textsOf } from "./row.js";
import { formatValue, parseText } from "./values.js";

// While editing, these keys still belong to the grid.
const gridKeysWhileEditing = ["Enter", "Tab", "Escape", "F2", "F8"];
const arrows = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
const caretKeys = ["Home", "End"];

/** Editor with one line of text; the base of the others. */
export class TextEditor {
  constructor({ container, column, item, grid }) {
    this.field = column.statedataField;
    this.grid = grid;
    this.row = item;
    this.input = this.makeInput();
    this.isEditing = false;
    this.isWrittenOver = false;
    this.input.addEventListener("input", () => this.onInput());
    this.input.addEventListener("pointerdown", () => (this.isWrittenOver = false));
    this.input.addEventListener("keydown", (event) => this.onKeyDown(event));
    container.append(this.input);
    container.statedataEditor = this;
  }

  get isEditing() {
    return this.input.classList.contains("is-typing");
  }

  set isEditing(isTyping) {
    this.input.classList.toggle("is-typing", isTyping);
  }

  makeInput() {
    const isNumber = this.field.type === "integer" || this.field.type === "number";
    return make("input", {
      type: "text",
      class: `cell-input${isNumber ? " is-number" : ""}`,
      autocomplete: "off",
      spellcheck: "false",
      inputmode: isNumber ? "decimal" : "text",
      "aria-label": this.describe(),
    });
  }

  /** What a screen reader says on arrival: field, row, required, and what is wrong. */
  describe() {
    const parts = [this.field.label, t("row_number", { row: this.rowNumber() })];
    if (this.field.required) parts.push(t("required_word"));
    return [...parts, ...textsOf(this.row.cellState?.(this.field))].join(", ");
  }

  rowNumber() {
    return (this.grid.getActiveCell()?.row ?? 0) + 1;
  }

  onInput() {
    this.beginTyping();
  }

  /** From the first key on the cell holds what is being typed. */
  beginTyping() {
    this.isWrittenOver ||= !this.isEditing;
    this.isEditing = true;
  }

  // Several lines need the arrows for themselves.
  get leavesByArrows() {
    return this.isWrittenOver;
  }

  onKeyDown(event) {
    if (event.isComposing || event.keyCode === 229) {
      // The input method owns every key until it has finished, Enter and arrows included.
      event.stopPropagation();
      this.beginTyping();
      return;
    }
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && this.leavesByArrows && arrows.includes(event.key)) return;
    if (caretKeys.includes(event.key)) this.isWrittenOver = false;
    const isGridKey = gridKeysWhileEditing.includes(event.key);
    const isShortcut = (event.ctrlKey || event.metaKey) && ["s", ";", "f", "h"].includes(event.key);
    if (this.isEditing && !isGridKey && !isShortcut) event.stopPropagation();
  }

  /** Begin to change the present text instead of replacing it. */
  startEditing({ clear = false } = {}) {
    this.isEditing = true;
    this.isWrittenOver = clear;
    if (clear || this.field.masked) this.input.value = "";
    this.input.focus();
    this.input.setSelectionRange?.(this.input.value.length, this.input.value.length);
  }

  /** Give back what was there; the cell stays selected. */
  cancelEditing() {
    this.isEditing = false;
    this.isWrittenOver = false;
    this.loadValue(this.row);
  }

  destroy() {
    this.input.remove();
  }

  focus() {
    this.input.focus();
  }

  loadValue(row) {
    // An answer of the server may redraw the row; it must not take the text being typed.
    if (this.isEditing || !row.values) return;
    this.row = row;
    const { code } = this.field;
    this.original = formatValue(this.field, row.values[code], this.labelFor(row));
    this.input.value = this.original;
    const state = row.cellState(this.field);
    this.input.setAttribute("aria-invalid", String(state?.severity === "error"));
    // Later redraws must not take the focus from another part of the page.
    if (this.isLoaded && document.activeElement !== this.input) return;
    this.isLoaded = true;
    this.input.focus({ preventScroll: true });
    this.input.select();
  }

  /** Text beside the value, for references. */
  labelFor() {
    return null;
  }

  serializeValue() {
    return this.currentValue();
  }

  /** The value meant by what stands in the editor. */
  currentValue() {
    return parseText(this.field, this.input.value);
  }

  isValueChanged() {
    return this.isEditing && this.input.value !== this.original;
  }

  applyValue() {
    // Values go through the sheet's commands; see the grid's editCommandHandler.
  }

  validate() {
    // Wrong text is kept and marked, never refused: nobody is held captive in a cell.
    return { valid: true, msg: null };
  }
}

/** Text of several lines in a small box over the cell. Alt+Enter starts a new line. */
export class LongTextEditor extends TextEditor {
  makeInput() {
    return make("textarea", {
      class: "cell-input cell-area",
      rows: "1",
      spellcheck: "false",
      "aria-label": this.describe(),
    });
  }

  onInput() {
    super.onInput();
    this.#open();
  }

  get leavesByArrows() {
    return false;
  }

  startEditing(options) {
    super.startEditing(options);
    this.#open();
  }

  cancelEditing() {
    this.input.classList.remove("is-open");
    this.input.removeAttribute("style");
    super.cancelEditing();
  }

  // Placed on the window, so that the edges of the grid do not cut it off.
  #open() {
    if (this.input.classList.contains("is-open")) return;
    const cell = this.input.parentElement.getBoundingClientRect();
    this.input.classList.add("is-open");
    const { offsetWidth, offsetHeight } = this.input;
    this.input.style.minWidth = `${cell.width}px`;
    this.input.style.left = `${Math.min(cell.left, window.innerWidth - offsetWidth - 16)}px`;
    this.input.style.top = `${Math.min(cell.top, window.innerHeight - offsetHeight - 16)}px`;
  }

  onKeyDown(event) {
    if (event.key === "Enter" && event.altKey && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      this.input.setRangeText("\n", this.input.selectionStart, this.input.selectionEnd, "end");
      this.onInput();
      return;
    }
    super.onKeyDown(event);
  }
}
