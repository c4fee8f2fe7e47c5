/**
 * What can be undone and redone. A command is one deed of the user, however many cells it changed.
 */

/** Undo and redo of commands, oldest forgotten first. */
export class UndoStack {
  /** @param {number} [limit] */
  constructor(limit = 200) {
    this.limit = limit;
    this.done = [];
    this.undone = [];
    this.withdraw = () => {};
  }

  /** The latest command may be taken back by a notice, which goes when something else is the latest. */
  offer(withdraw) {
    this.#dropOffer();
    this.withdraw = withdraw;
  }

  #dropOffer() {
    this.withdraw();
    this.withdraw = () => {};
  }

  /** A command was carried out. */
  push(command) {
    this.#dropOffer();
    this.done.push(command);
    if (this.done.length > this.limit) this.done.shift();
    this.undone = [];
  }

  /** The latest cell of a command, not taken back, that left this value there. */
  findCell(row, field, value) {
    const isIt = (cell) => cell.row === row && cell.field === field && cell.after === value;
    return this.done.flatMap(({ cells }) => cells).findLast(isIt);
  }

  /** The command to take back now, or null; the caller takes it back. */
  takeUndo() {
    this.#dropOffer();
    const command = this.done.pop() ?? null;
    if (command) this.undone.push(command);
    return command;
  }

  /** The command to carry out again, or null. */
  takeRedo() {
    this.#dropOffer();
    const command = this.undone.pop() ?? null;
    if (command) this.done.push(command);
    return command;
  }

  /**
   * The server kept a row that was to go: there is no deletion to take back, and no adding to
   * repeat where it was to go because its adding had been taken back.
   * @returns {boolean} whether it was an adding that had been taken back
   */
  keep(row) {
    const others = (entries) => entries.filter((entry) => entry.row !== row);
    const isAddedAgain = this.undone.some(({ added }) => others(added).length < added.length);
    this.done = this.done
      .map((command) => ({ ...command, removed: others(command.removed) }))
      .filter(isDeed);
    if (isAddedAgain) {
      this.undone = this.undone
        .map((command) => ({
          ...command,
          cells: others(command.cells),
          added: others(command.added),
        }))
        .filter(isDeed);
    }
    return isAddedAgain;
  }

  /** Forget everything, after the rows were replaced by other rows. */
  clear() {
    this.#dropOffer();
    this.done = [];
    this.undone = [];
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }
}

function isDeed({ cells, added, removed }) {
  return cells.length + added.length + removed.length > 0;
}
