/**
 * Return items that a reviewer has put on cells and not sent yet: kept in this browser for the state
 * of the submission that he looks at, so that they never go along with another one.
 */

const prefix = "statedata.return_items.";

/** The items collected for one submission in one state. */
export class CollectedItems {
  /**
   * @param {string} submission id
   * @param {string} version of its state
   * @param {Storage} storage
   */
  constructor(submission, version, storage = window.localStorage) {
    this.storage = storage;
    this.key = `${prefix}${submission}.${version}`;
    this.forgetOthers(`${prefix}${submission}.`);
  }

  /** What was collected before the last step is sent by nobody any more. */
  forgetOthers(start) {
    try {
      const keys = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
      for (const key of keys) if (key?.startsWith(start) && key !== this.key) this.storage.removeItem(key);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  }

  /** @returns {{row: string, field: string, place: string, reason: string}[]} */
  all() {
    try {
      const items = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      return Array.isArray(items) ? items : [];
    } catch {
      return [];
    }
  }

  /** Keep one more; answers whether the browser could. */
  add(item) {
    return this.#keep([...this.all(), item]);
  }

  remove(item) {
    const isOther = (each) => JSON.stringify(each) !== JSON.stringify(item);
    return this.#keep(this.all().filter(isOther));
  }

  #keep(items) {
    try {
      this.storage.setItem(this.key, JSON.stringify(items));
      return true;
    } catch {
      return false;
    }
  }
}
