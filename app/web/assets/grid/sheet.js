/**
 * What people do to the rows, as commands that can be undone: set cells, add rows, delete rows.
 * The empty row at the end belongs to nobody until something is typed into it.
 */

import { checkValue } from "./checks.js";
import { Row } from "./row.js";
import { isEmpty, isSameValue, isTidied } from "./values.js";

/** The editable rows of one table. */
export class Sheet {
  /**
   * @param {object} options
   * @param {object} options.spec the table's spec with fields and rights
   * @param {object} options.store rows by position
   * @param {object} options.queue rows to be saved
   * @param {object} options.history undo and redo
   * @param {function({rows: object[], isReshaped: boolean}): void} options.onChange
   * @param {function(object[]): void} [options.onTidied] told rows whose cells keep their value, which
   *   was typed otherwise
   */
  constructor({ spec, store, queue, history, onChange, onTidied = () => {} }) {
    this.spec = spec;
    // What is on screen, in its order; a row has all fields, whichever are shown.
    this.fields = spec.fields;
    this.allFields = spec.fields;
    this.store = store;
    this.queue = queue;
    this.history = history;
    this.onChange = onChange;
    this.onTidied = onTidied;
    this.isLocked = false;
    // Cells that the last undo or redo left alone, because they were changed since.
    this.skipped = [];
    this.placeholder = new Row();
  }

  get canEdit() {
    return !this.isLocked && this.spec.rights.edit === null;
  }

  get canAdd() {
    return !this.isLocked && this.spec.rights.add === null;
  }

  get canDelete() {
    return !this.isLocked && this.spec.rights.delete === null;
  }

  /** Whether there are rows that may be corrected. */
  get isCorrectable() {
    return this.store.length > 0 && (this.canEdit || this.canAdd);
  }

  /** Number of rows on screen, the empty last one included. */
  get length() {
    return this.store.length + (this.canAdd ? 1 : 0);
  }

  /** The row at a position; undefined while its page is on the way. */
  at(position) {
    if (position < this.store.length) return this.store.at(position);
    return this.canAdd ? this.placeholder : undefined;
  }

  isPlaceholder(row) {
    return row === this.placeholder;
  }

  /** Whether this very cell may be typed into. */
  isEditable(row, field) {
    if (!row || field.editable === false) return false;
    if (row.isFixed || (field.fixed && !row.isNew)) return false;
    return row.isNew ? this.canAdd : this.canEdit;
  }

  /**
   * Set cells as one command.
   * @param {Array<{row: object, field: object, value: *, typed?: string}>} edits `typed` is the text
   *   that the value was read from, where somebody typed or pasted it
   * @param {object[]} [added] new rows that come with the edits, appended at the end
   * @returns {number} how many cells changed
   */
  setCells(edits, added = []) {
    const allAdded = [...added];
    const cells = [];
    const kept = new Set();
    for (const { row, field, value, typed } of edits) {
      const before = row.values[field.code] ?? null;
      if (!this.isEditable(row, field)) continue;
      if (isSameValue(field, before, value)) {
        if (!this.isPlaceholder(row) && noteTidied(row, field, typed, value)) kept.add(row);
        continue;
      }
      if (this.isPlaceholder(row)) {
        allAdded.push(row);
        this.placeholder = new Row();
      }
      delete row.tidied[field.code];
      noteTidied(row, field, typed, value);
      cells.push({ row, field, before, after: value });
    }
    if (kept.size > 0) this.onTidied([...kept]);
    if (cells.length === 0 && allAdded.length === 0) return 0;
    const start = this.store.length;
    const command = {
      cells,
      added: allAdded.map((row, index) => ({ row, position: start + index })),
      removed: [],
    };
    this.#run(command);
    this.history.push(command);
    return cells.length;
  }

  /** Read what was typed into a cell otherwise, where it still stands: part of the same command. */
  amend(row, field, typed, value) {
    const cell = this.history.findCell(row, field, typed);
    if (!cell || row.values[field.code] !== typed) return;
    cell.after = value;
    this.#setCell(row, field, value);
    row.forgetJudgement(this.allFields);
    this.onChange({ rows: [row], isReshaped: false });
  }

  /** Add one empty row that stays even while nothing is typed into it. */
  addRow(position = this.store.length) {
    if (!this.canAdd) return null;
    const row = new Row();
    const command = { cells: [], added: [{ row, position }], removed: [] };
    this.#run(command);
    this.history.push(command);
    return row;
  }

  /** Delete rows as one command; answers how many. */
  deleteRows(rows) {
    const removed = rows
      .filter((row) => row && !this.isPlaceholder(row) && !row.isFixed && (row.isNew || this.canDelete))
      .map((row) => ({ row, position: this.store.positionOf(row) }))
      .filter(({ position }) => position >= 0)
      .sort((left, right) => left.position - right.position);
    if (removed.length === 0) return 0;
    const command = { cells: [], added: [], removed };
    this.#run(command);
    this.history.push(command);
    return removed.length;
  }

  /** Take back the last command; answers how many cells could not be taken back, null if none. */
  undo() {
    const command = this.history.takeUndo();
    return command && this.#run(invert(command));
  }

  /** Carry out again what was taken back. */
  redo() {
    const command = this.history.takeRedo();
    return command && this.#run(command);
  }

  // Cells that no longer hold what the command left there were changed since, by an answer of the
  // server or a decided conflict: they are left alone and counted.
  #run({ cells, added, removed }) {
    const touched = new Set();
    this.skipped = [];
    for (const { row, position } of added) this.#bring(row, position, touched);
    for (const { row, field, before, after } of cells) {
      if (isSameValue(field, row.values[field.code], before)) {
        this.#setCell(row, field, after);
        touched.add(row);
      } else this.skipped.push({ row, field });
    }
    for (const { row } of [...removed].reverse()) this.#takeOut(row, touched);
    for (const row of touched) row.forgetJudgement(this.allFields);
    this.onChange({ rows: [...touched], isReshaped: added.length > 0 || removed.length > 0 });
    return this.skipped.length;
  }

  #bring(row, position, touched) {
    row.isDeleted = false;
    if (this.store.positionOf(row) < 0) {
      this.store.insert(Math.min(position, this.store.length), row);
    }
    this.queue.touch(row);
    touched.add(row);
  }

  #takeOut(row, touched) {
    row.isDeleted = true;
    row.lastPosition = this.store.remove(row);
    this.queue.touch(row);
    touched.add(row);
  }

  #setCell(row, field, value) {
    row.values[field.code] = value;
    // A key is judged as a whole: what stood at another part of it holds no longer.
    const marked = ({ key, code }) => field.key && key && row.states[code];
    for (const each of this.allFields.filter(marked)) this.#checkCell(row, each);
    this.#checkCell(row, field);
    this.queue.touch(row);
  }

  #checkCell(row, field) {
    const state = checkValue(field, row.values[field.code] ?? null);
    if (state) row.states[field.code] = state;
    else delete row.states[field.code];
  }

  /** Put a row back whose deletion the server refused, and forget that it was ever deleted. */
  putBack(row) {
    if (row.refused?.op === "delete" && this.history.keep(row)) {
      // Its cells had been emptied with the adding that was taken back.
      row.values = { ...row.base };
    }
    if (this.store.positionOf(row) >= 0) return;
    this.store.insert(Math.min(row.lastPosition ?? 0, this.store.length), row);
    this.onChange({ rows: [row], isReshaped: true });
  }

  /** Say at the key cells of a new row that it cannot be saved without them. */
  markMissingKeys(row) {
    if (!row?.isNew || row.isDeleted || row.dirtyFields(this.allFields).length === 0) return;
    const missing = row.missingKeys(this.allFields);
    for (const field of missing) row.states[field.code] = checkValue(field, null);
    if (missing.length > 0) this.onChange({ rows: [row], isReshaped: false });
  }
}

// Wrong text is told as a fault; that spaces around it were left out is no news then.
function noteTidied(row, field, typed, value) {
  row.toldTidied?.delete(field.code);
  const isTold = typed !== undefined && isTidied(field, typed, value);
  if (!isTold || (!isEmpty(value) && checkValue(field, value))) return false;
  row.tidied[field.code] = { before: typed, after: value };
  return true;
}

/** The command that takes a command back. */
export function invert({ cells, added, removed }) {
  return {
    cells: [...cells]
      .reverse()
      .map(({ row, field, before, after }) => ({ row, field, before: after, after: before })),
    added: removed,
    removed: added,
  };
}
