/**
 * The rows of the table as one long list of which only the pages that were looked at are here.
 * Positions of missing rows stay empty until `ensure` has brought their page.
 */

import { Row } from "./row.js";

/** Rows by position, loaded page by page. */
export class RowStore {
  /**
   * @param {object} options
   * @param {function(object): Promise<object>} options.fetchPage given {offset, after, limit, sort,
   *   q, filter}, answers {rows, next, previous, count}; the mark "after", where there is one, goes
   *   before the offset
   * @param {function(object): Promise<object>} [options.fetchCount] given {sort, q}, answers
   *   {count}; asked where the first page leaves open how many rows there are
   * @param {number} [options.pageSize]
   * @param {function(): Promise<void>} [options.beforeLoad] waits until deletions are saved, so
   *   that positions here and offsets there agree
   * @param {function(number[]): void} [options.onLoaded] positions that changed
   * @param {function(): void} [options.onCounted] the number of rows has become known
   */
  constructor({
    fetchPage,
    fetchCount = null,
    pageSize = 200,
    beforeLoad = async () => {},
    onLoaded = () => {},
    onCounted = () => {},
  }) {
    this.fetchPage = fetchPage;
    this.fetchCount = fetchCount;
    this.onCounted = onCounted;
    this.pageSize = pageSize;
    this.beforeLoad = beforeLoad;
    this.onLoaded = onLoaded;
    this.rows = [];
    this.isCountExact = true;
    this.query = { sort: "", q: "", filter: "" };
    this.known = new Map();
    this.loading = new Map();
    this.generation = 0;
    this.positions = null;
    this.#forgetMarks();
  }

  get length() {
    return this.rows.length;
  }

  at(position) {
    return this.rows[position];
  }

  /** Position of a row, -1 when it is not in the list. */
  positionOf(row) {
    if (!this.positions) {
      this.positions = new Map();
      this.rows.forEach((present, position) => this.positions.set(present, position));
    }
    return this.positions.get(row) ?? -1;
  }

  /** The loaded rows in order. */
  loadedRows() {
    return this.rows.filter(Boolean);
  }

  insert(position, row) {
    if (position === this.rows.length) {
      // Thousands of rows are added one by one: what is known of the others still holds.
      this.rows.push(row);
      this.positions?.set(row, position);
      return;
    }
    this.#forgetMarks();
    this.rows.splice(position, 0, row);
    this.positions = null;
  }

  /** Take a row out of the list; answers where it was. */
  remove(row) {
    const position = this.positionOf(row);
    this.#forgetMarks();
    if (position >= 0 && position === this.rows.length - 1) {
      this.rows.pop();
      this.positions.delete(row);
      return position;
    }
    if (position >= 0) this.rows.splice(position, 1);
    this.positions = null;
    return position;
  }

  /** Hold an object for a row whose page is not loaded yet, so that its edits are shown later. */
  adopt(row) {
    this.known.set(row.id, row);
  }

  /** Start anew with another search or order; when that fails, everything is as it was. */
  async reload(query = this.query) {
    const { rows, isCountExact, query: former } = this;
    this.generation += 1;
    const { generation } = this;
    this.#begin(query, []);
    try {
      await this.#loadPage(0);
    } catch (problem) {
      if (generation === this.generation) {
        this.#begin(former, rows);
        this.isCountExact = isCountExact;
      }
      throw problem;
    }
    this.counting = this.#countLater();
  }

  // The page is there already: the number of rows only makes the scroll bar tell the truth.
  async #countLater() {
    if (this.isCountExact || !this.fetchCount) return;
    const { generation } = this;
    const { count } = await this.fetchCount(this.query);
    if (generation !== this.generation) return;
    this.rows.length = Math.max(this.rows.length, count.value);
    this.isCountExact = count.exact;
    this.onCounted();
  }

  #begin(query, rows) {
    this.query = query;
    this.loading.clear();
    this.#forgetMarks();
    this.rows = rows;
    this.positions = null;
  }

  /** Bring the pages that hold the positions from top to bottom, both included. */
  async ensure(top, bottom) {
    const last = Math.min(bottom, this.rows.length - 1);
    const pages = new Set();
    for (let position = Math.max(0, top); position <= last; position += 1) {
      if (!this.rows[position]) pages.add(Math.floor(position / this.pageSize));
    }
    await Promise.all([...pages].map((page) => this.#loadPage(page)));
  }

  #loadPage(page) {
    if (!this.loading.has(page)) {
      const work = this.#fetchAndPlace(page).finally(() => this.loading.delete(page));
      this.loading.set(page, work);
    }
    return this.loading.get(page);
  }

  async #fetchAndPlace(page) {
    const { generation } = this;
    await this.beforeLoad();
    const offset = page * this.pageSize;
    const { pageSize } = this;
    const after = this.following.get(offset) ?? this.preceding.get(offset + pageSize);
    try {
      const answer = await this.fetchPage({ ...this.query, offset, after, limit: pageSize });
      if (generation !== this.generation) return;
      this.#place(offset, answer);
      this.#keepMarks(offset, answer);
    } catch (problem) {
      if (after && generation === this.generation) this.#forgetMarks();
      throw problem;
    }
  }

  // From these marks the server finds the pages beside one that is here without counting rows.
  #keepMarks(offset, { rows, next, previous }) {
    const isWhole = rows.length === this.pageSize;
    if (next && isWhole) this.following.set(offset + rows.length, next);
    if (previous && isWhole) this.preceding.set(offset, previous);
    if (!isWhole) this.preceding.delete(offset + this.pageSize);
  }

  // Once positions have shifted here, marks no longer lie where pages begin.
  #forgetMarks() {
    this.following = new Map();
    this.preceding = new Map();
  }

  #place(offset, { rows, next, count }) {
    this.#settleLength(offset, rows.length, next, count);
    const byId = new Map(this.loadedRows().map((row) => [row.id, row]));
    const page = rows.map(
      (stored) => byId.get(stored.id) ?? this.#takeKnown(stored) ?? new Row(stored),
    );
    this.#clear(page);
    const strays = this.rows.slice(offset, offset + page.length).filter(Boolean);
    page.forEach((row, index) => {
      if (row.isDeleted) return;
      this.rows[offset + index] = row;
    });
    this.rows.push(...strays);
    if (!next) this.#trim(offset + page.length);
    this.positions = null;
    this.onLoaded(page.map((row, index) => offset + index));
  }

  // A row that was added here, or shifted by another person's insertion, must not stand twice.
  #clear(page) {
    for (const row of page) {
      const earlier = this.rows.indexOf(row);
      if (earlier >= 0) delete this.rows[earlier];
    }
  }

  // The table ends here: empty places behind the end are rows that somebody deleted meanwhile.
  #trim(end) {
    for (let position = this.rows.length - 1; position >= end; position -= 1) {
      if (!this.rows[position]) this.rows.splice(position, 1);
    }
  }

  #takeKnown(stored) {
    const row = this.known.get(stored.id);
    this.known.delete(stored.id);
    return row;
  }

  #settleLength(offset, received, next, count) {
    const reached = offset + received;
    // Pages further down are answered without counting again.
    if (offset === 0 || !next) this.isCountExact = Boolean(count?.exact) || !next;
    const atLeast = next ? reached + 1 : reached;
    const told = count?.exact || next ? (count?.value ?? 0) : 0;
    if (this.rows.length === 0) this.rows.length = Math.max(atLeast, told);
    else if (next && this.rows.length < atLeast) this.rows.length = atLeast;
  }
}
