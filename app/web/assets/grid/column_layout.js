/**
 * Which columns are shown, in which order, how wide, and up to which one they stay in view.
 */

import { columnWidth, countFrozen, countUsuallyFrozen } from "./columns.js";

const rowNumberWidth = 52;
// Beside the frozen columns there has to be room for the others.
const leastScrolled = 160;

/** The columns of one table as somebody has arranged them. */
export class ColumnLayout {
  /**
   * @param {object[]} fields all fields of the table in their own order
   * @param {string|null} [label] code of the field that people know a row by
   */
  constructor(fields, label = null) {
    this.fields = fields;
    this.label = label;
    this.reset();
  }

  /** Everything as the table has it. */
  reset() {
    this.columns = this.fields.map((field) => ({
      field,
      width: columnWidth(field),
      isHidden: false,
    }));
    // Undefined: key and label as far as they fit; null: none; else the code of the last frozen field.
    this.frozen = undefined;
  }

  /** The fields on screen in order. */
  get shown() {
    return this.columns.filter(({ isHidden }) => !isHidden).map(({ field }) => field);
  }

  get hiddenCount() {
    return this.columns.length - this.shown.length;
  }

  #find(code) {
    return this.columns.find(({ field }) => field.code === code);
  }

  widthOf(code) {
    return this.#find(code).width;
  }

  setWidth(code, width) {
    this.#find(code).width = Math.round(width);
  }

  /** Hide or show a column; the last one that is shown stays. Answers whether it was done. */
  setHidden(code, isHidden) {
    if (isHidden && this.shown.length === 1) return false;
    this.#find(code).isHidden = isHidden;
    return true;
  }

  showAll() {
    for (const column of this.columns) column.isHidden = false;
  }

  /** Put a column a number of places further to the right, or to the left. */
  move(code, places) {
    const from = this.columns.findIndex(({ field }) => field.code === code);
    const to = Math.max(0, Math.min(this.columns.length - 1, from + places));
    this.columns.splice(to, 0, ...this.columns.splice(from, 1));
  }

  /** Put the shown columns into this order; hidden ones keep their places. */
  reorderShown(codes) {
    const wanted = codes.map((code) => this.#find(code));
    this.columns = this.columns.map((column) => (column.isHidden ? column : wanted.shift()));
  }

  /**
   * How many of the shown columns stay in view in a grid of this width. One always scrolls, and
   * frozen columns never take the whole width.
   */
  countFrozen(availableWidth) {
    const { shown } = this;
    if (this.frozen === undefined) {
      return Math.min(countFrozen(shown, availableWidth, this.label), shown.length - 1);
    }
    const last = shown.findIndex(({ code }) => code === this.frozen);
    let width = rowNumberWidth;
    let count = 0;
    while (count <= last && count < shown.length - 1) {
      width += this.widthOf(shown[count].code);
      if (width > availableWidth - leastScrolled) break;
      count += 1;
    }
    return count;
  }

  /** Whether all columns that should stay in view do so in a grid of this width. */
  fits(availableWidth) {
    if (!this.frozen) return true;
    const last = this.shown.findIndex(({ code }) => code === this.frozen);
    return this.countFrozen(availableWidth) >= Math.min(last + 1, this.shown.length - 1);
  }

  /** As plain data, to be kept in a view. */
  toContent() {
    const columns = this.columns.map(({ field, width, isHidden }) => ({
      code: field.code,
      width,
      hidden: isHidden,
    }));
    return { columns, frozen: this.frozen === undefined ? this.#usualFrozen() : this.frozen };
  }

  #usualFrozen() {
    const { shown } = this;
    const count = countUsuallyFrozen(shown, this.label);
    return count > 0 && count < shown.length ? shown[count - 1].code : null;
  }

  /** Take over what a view has kept; columns it does not know stand at the end and are shown. */
  apply({ columns = [], frozen }) {
    this.reset();
    const byCode = new Map(this.columns.map((column) => [column.field.code, column]));
    const kept = columns.filter(({ code }) => byCode.has(code));
    const arranged = kept.map(({ code, width, hidden }) => {
      const column = byCode.get(code);
      byCode.delete(code);
      return { ...column, width: width ?? column.width, isHidden: Boolean(hidden) };
    });
    this.columns = [...arranged, ...byCode.values()];
    if (this.shown.length === 0) this.showAll();
    if (frozen !== undefined && kept.length > 0) this.frozen = frozen;
  }
}
