/**
 * Which rows have to be saved, in which order, and what the answers mean. Knows no clock and no
 * network; the saver asks it for batches and tells it what became of them.
 */

/** Rows waiting to be saved, in the order in which they were first changed. */
export class ChangeQueue {
  /** @param {{fields: object[], batchSize?: number}} options */
  constructor({ fields, batchSize = 5000 }) {
    this.fields = fields;
    this.batchSize = batchSize;
    this.rows = new Set();
  }

  /** A row changed: watch it. Editing again makes a refused row worth another try. */
  touch(row) {
    this.rows.add(row);
    row.refused = null;
  }

  #isReady(row) {
    if (row.refused || row.conflict) return false;
    if (row.isNew && !row.isDeleted && row.missingKeys(this.fields).length > 0) return false;
    return row.change(this.fields) !== null;
  }

  /** Forget rows that agree with the server. */
  tidy() {
    for (const row of this.rows) {
      if (row.change(this.fields) === null && !row.conflict) this.rows.delete(row);
    }
  }

  /** Number of cells (a deletion or a conflict counts one) that the server does not have yet. */
  countUnsaved() {
    this.tidy();
    let count = 0;
    for (const row of this.rows) {
      count += row.isDeleted ? 1 : Math.max(1, row.dirtyFields(this.fields).length);
    }
    return count;
  }

  /** Number of rows that the server does not have as they are here. */
  countUnsavedRows() {
    this.tidy();
    return this.rows.size;
  }

  /** True when something could be sent now. */
  hasReadyRows() {
    return [...this.rows].some((row) => this.#isReady(row));
  }

  /** Make refused rows ready again, for "save now". */
  retryRefused() {
    for (const row of this.rows) row.refused = null;
  }

  /**
   * The next batch, or null. Deletions go first: a key may be given up in one row and used anew
   * in another.
   * @returns {{rows: object[], changes: object[]}|null}
   */
  takeBatch() {
    const ready = [...this.rows].filter((row) => this.#isReady(row));
    ready.sort((left, right) => Number(right.isDeleted) - Number(left.isDeleted));
    const rows = ready.slice(0, this.batchSize);
    if (rows.length === 0) return null;
    return { rows, changes: rows.map((row) => row.change(this.fields)) };
  }

  /**
   * Take over the answers to a batch.
   * @param {{rows: object[], changes: object[]}} batch
   * @param {object[]} results in the order sent
   * @returns {{saved: object[], refused: object[], conflicts: object[]}} rows by outcome
   */
  settle(batch, results) {
    const outcome = { saved: [], refused: [], conflicts: [] };
    // A row deleted while its insertion was under way looked finished; it is not.
    for (const row of batch.rows) this.rows.add(row);
    batch.rows.forEach((row, index) => {
      const change = batch.changes[index];
      const result = results[index] ?? { ok: false, findings: [] };
      if (result.ok) outcome.saved.push(this.#settleSaved(row, change, result));
      else if (result.conflict && change.op !== "delete") {
        outcome.conflicts.push(this.#settleConflict(row, result));
      }
      else outcome.refused.push(this.#settleRefused(row, change, result));
    });
    this.tidy();
    return outcome;
  }

  #settleSaved(row, change, result) {
    if (change.op === "delete") {
      row.becomeNew();
      return row;
    }
    row.acceptStored(result, change.values, this.fields);
    row.showFindings(result.findings, change.values, this.fields, { isStored: true });
    return row;
  }

  #settleRefused(row, change, result) {
    if (change.op === "delete") {
      // The row stays; if somebody changed it meanwhile, show what it is now before asking again.
      row.isDeleted = false;
      if (result.conflict) {
        this.#settleConflict(row, result);
        this.resolve(row, false);
      }
    }
    row.showFindings(result.findings, change.values, this.fields);
    row.refused = { op: change.op, findings: result.findings ?? [], changed: result.changed };
    return row;
  }

  #settleConflict(row, result) {
    const { conflict: fields, version, values, changed } = result;
    row.conflict = { fields, version, values, changed };
    return row;
  }

  /**
   * Decide a conflict for the whole row, or cell by cell.
   * @param {object} row
   * @param {boolean|Object<string, boolean>} keepMine true: save mine over theirs; false: take
   *   theirs; an object says it for each contested field
   */
  resolve(row, keepMine) {
    const { fields, version, values } = row.conflict;
    const theirs = Object.fromEntries(
      Object.entries(fields).map(([code, sides]) => [code, sides.theirs]),
    );
    const stored = { ...row.base, ...values, ...theirs };
    for (const field of this.fields) {
      const isContested = field.code in fields;
      const staysMine = typeof keepMine === "object" ? keepMine[field.code] : keepMine;
      if ((isContested && !staysMine) || (!isContested && !row.isDirtyAt(field))) {
        row.values[field.code] = stored[field.code] ?? null;
        delete row.states[field.code];
      }
    }
    row.base = stored;
    row.version = version ?? row.version;
    row.conflict = null;
    this.touch(row);
    this.tidy();
  }
}
