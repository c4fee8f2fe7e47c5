/**
 * Unsaved changes outlive the page: they are kept in this browser (common/draft_storage.js) while
 * they are unsaved and offered again when the same person opens the same table, period and department.
 */

import { Row } from "./row.js";

/** The unsaved changes as plain data. */
export function packDrafts(queue, now) {
  queue.tidy();
  const rows = [];
  for (const row of queue.rows) {
    const change = row.change(queue.fields);
    if (change) rows.push({ ...change, base: row.isNew ? null : row.base });
  }
  return { savedAt: now.toISOString(), rows };
}

/**
 * The unsaved changes beside drafts of an earlier visit that still wait for an answer; of a row that
 * stands in both, the newer cells win.
 */
export function withWaiting(packed, waiting) {
  if (!waiting) return packed;
  const newer = new Map(packed.rows.filter(({ id }) => id).map((row) => [row.id, row]));
  const older = waiting.rows.map((row) => {
    const present = row.id ? newer.get(row.id) : undefined;
    newer.delete(row.id);
    return present ? { ...row, ...present, values: { ...row.values, ...present.values } } : row;
  });
  const added = packed.rows.filter(({ id }) => !id || newer.has(id));
  return { savedAt: waiting.savedAt, rows: [...older, ...added] };
}

/**
 * What still waits of the drafts of an earlier visit after rows were saved: a value that was saved
 * since is the newer one, so the draft of the cell goes; of a row that was deleted, and of a new row
 * whose key has been saved meanwhile, the draft goes as a whole.
 * @param {object|null} waiting
 * @param {Array<{row: object, change: object}>} saved rows with the changes that were saved
 * @param {object[]} fields
 * @returns {object|null} null where nothing waits any more
 */
export function withoutSaved(waiting, saved, fields) {
  if (!waiting) return null;
  const changes = new Map(saved.map(({ change }) => [change.id, change]));
  const keys = fields.filter(({ key }) => key);
  const keyOf = (values) => JSON.stringify(keys.map(({ code }) => String(values[code] ?? "")));
  const keysSaved = new Set(saved.map(({ row }) => keyOf(row.values)));
  const rows = waiting.rows.flatMap((draft) => {
    if (draft.op === "insert") return keys.length > 0 && keysSaved.has(keyOf(draft.values)) ? [] : [draft];
    const change = changes.get(draft.id);
    if (!change) return [draft];
    const left = Object.entries(draft.values).filter(([code]) => !(code in change.values));
    return change.op === "delete" || left.length === 0 ? [] : [{ ...draft, values: Object.fromEntries(left) }];
  });
  return rows.length > 0 ? { ...waiting, rows } : null;
}

/**
 * Put the changes of an earlier visit back. Rows that are loaded are edited; rows that are not are
 * held until their page comes. The old version goes with them, so a change somebody else made in
 * between is reported as a conflict instead of being overwritten.
 * @returns {number} how many rows came back
 */
export function restoreDrafts(packed, { sheet, store, queue }) {
  const byId = new Map(store.loadedRows().map((row) => [row.id, row]));
  for (const draft of packed.rows) {
    if (draft.op === "insert") {
      const row = new Row();
      Object.assign(row.values, draft.values);
      store.insert(store.length, row);
      queue.touch(row);
      continue;
    }
    const present = byId.get(draft.id);
    const row = present ?? new Row({ id: draft.id, version: draft.version, values: draft.base });
    if (!present) store.adopt(row);
    if (draft.op === "delete") {
      row.isDeleted = true;
      store.remove(row);
    }
    Object.assign(row.values, draft.values);
    if (row.change(queue.fields)) row.version = draft.version;
    queue.touch(row);
  }
  sheet.onChange({ rows: [], isReshaped: true });
  return packed.rows.length;
}
