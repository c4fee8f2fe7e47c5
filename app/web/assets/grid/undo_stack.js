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
  }

  /** A command was carried out. */
  push(command) {
    this.done.push(command);
    if (this.done.length > this.limit) this.done.shift();
    this.undone = [];
  }

  /** The command to take back now, or null; the caller takes it back. */
  takeUndo() {
    const command = this.done.pop() ?? null;
    if (command) this.undone.push(command);
    return command;
  }

  /** The command to carry out again, or null. */
  takeRedo() {
    const command = this.undone.pop() ?? null;
    if (command) this.done.push(command);
    return command;
  }

  /** Forget everything, after the rows were replaced by other rows. */
  clear() {
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
