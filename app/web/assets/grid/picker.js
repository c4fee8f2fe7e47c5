/**
 * Looks up rows of other tables for reference fields, and remembers which label belongs to a key.
 */

import { requestJson } from "../common/http.js";

/** Searches through the table's pick address. */
export class Picker {
  /** @param {string} url @param {object} scope period and department sent along */
  constructor(url, scope = {}) {
    this.url = url;
    this.scope = scope;
    this.limit = 20;
    this.labels = new Map();
    this.answers = new Map();
  }

  /** Up to `limit` items `{key, label}` whose key or label match. */
  async find(field, text) {
    const wanted = text.trim();
    const cacheKey = `${field.code}\n${wanted}`;
    if (!this.answers.has(cacheKey)) {
      const query = new URLSearchParams({
        ...this.scope,
        field: field.code,
        q: wanted,
        limit: this.limit,
      });
      const { items } = await requestJson(`${this.url}?${query}`);
      this.answers.set(cacheKey, items);
      for (const { key, label } of items) this.labels.set(`${field.code}\n${key}`, label);
    }
    return this.answers.get(cacheKey);
  }

  /** The label to show beside a row's reference, when the server or a search has told it. */
  labelFor(row, field) {
    if (field.type !== "reference") return null;
    const key = row.values[field.code];
    return row.labels[field.code] ?? this.labels.get(`${field.code}\n${key}`) ?? null;
  }

  /** The key meant by a text: a label, or "key label"; null when none was seen. */
  keyOf(field, text) {
    for (const [place, label] of this.labels) {
      const [code, key] = place.split("\n");
      if (code !== field.code) continue;
      if (text === key || text === label || text === `${key} ${label}`) return key;
    }
    return null;
  }
}
