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

  /** Take over labels that came along with rows: {field: {key: label}}. */
  learn(labels = {}) {
    for (const [code, byKey] of Object.entries(labels)) {
      for (const [key, label] of Object.entries(byKey)) this.labels.set(`${code}\n${key}`, label);
    }
  }

  /** The label to show beside a row's reference, when the server or a search has told it. */
  labelFor(row, field) {
    return this.labelOf(field, row.values[field.code]);
  }

  /** The label of a key, null when none was told. */
  labelOf(field, key) {
    if (field.type !== "reference") return null;
    return this.labels.get(`${field.code}\n${key}`) ?? null;
  }

  /**
   * The key meant by a text: "key label", or a label that a finished search has found once. Two
   * people may have one name, so a label that was merely seen decides nothing.
   */
  keyOf(field, text) {
    const [key] = String(text).split(" ", 1);
    if (text === `${key} ${this.labels.get(`${field.code}\n${key}`)}`) return key;
    const found = this.answers.get(`${field.code}\n${text}`) ?? [];
    const named = found.filter(({ label }) => label === text);
    return named.length === 1 && found.length < this.limit ? named[0].key : null;
  }
}
