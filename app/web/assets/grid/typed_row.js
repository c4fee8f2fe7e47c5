/**
 * A row typed from cell to cell with Tab. Enter then leads under the cell where that began, as in
 * spreadsheets.
 */

const moves = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]);

/** Where the typing of a row began. */
export class TypedRow {
  constructor() {
    this.start = null;
  }

  /** Take note of a key before it moves on from the `active` cell, {row, cell}. */
  onKey({ key, shiftKey }, active) {
    if (moves.has(key)) this.forget();
    else if (key === "Tab" && !shiftKey && this.start?.row !== active?.row) this.start = active && { ...active };
  }

  /** The cell to go to in the next row; after that another row begins. */
  take({ row, cell }) {
    const { start } = this;
    this.forget();
    return start?.row === row && start.cell < cell ? start.cell : cell;
  }

  forget() {
    this.start = null;
  }
}
