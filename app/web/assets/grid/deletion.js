/**
 * Deleting rows: first the question what else would lose by it, then the deletion.
 */

import { askToConfirm, notify } from "../common/dialog.js";
import { RequestProblem, requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

// The server takes no more ids at once.
const mostIds = 2000;

// What becomes of rows that refer to deleted ones, the gravest first, and how it is told.
const effects = new Map([
  ["cascade", "delete_cascades"],
  ["set_null", "delete_empties"],
  ["refuse", "delete_blocks"],
  ["mark", "delete_referred"],
]);

/** Rows per table that refer to these ones: [{name, number, rows, effect}], the most first. */
async function countReferring(app, rows) {
  const totals = new Map();
  for (let start = 0; start < rows.length; start += mostIds) {
    const ids = rows.slice(start, start + mostIds).map(({ id }) => id);
    const body = { period: app.scope.period, ids };
    const { tables } = await requestJson(app.addresses.referringUrl, { method: "POST", body });
    for (const table of tables) {
      const key = `${table.effect} ${table.identifier}`;
      const rowsSoFar = totals.get(key)?.rows ?? 0;
      // Null: the number is not for everybody.
      totals.set(key, { ...table, rows: table.rows === null ? null : rowsSoFar + table.rows });
    }
  }
  return [...totals.values()].sort((left, right) => right.rows - left.rows);
}

/** One sentence for each kind of consequence. */
function consequences(tables, count) {
  const sentences = [];
  for (const [effect, message] of effects) {
    const list = tables
      .filter((table) => table.effect === effect)
      .map(({ name, rows }) =>
        rows === null ? t("referring_uncounted", { name }) : t("referring_table", { name, count: rows }),
      );
    if (list.length) sentences.push(t(message, { count, list: list.join(t("list_separator")) }));
  }
  return sentences.join(" ");
}

/** What to ask before the rows go; null when nothing speaks against it. */
async function questionAbout(app, rows) {
  const stored = rows.filter(({ isNew }) => !isNew);
  if (!app.sheet.spec.referred_to || stored.length === 0) return null;
  try {
    const tables = await countReferring(app, stored);
    if (tables.length === 0) return null;
    return { title: t("delete_title"), text: consequences(tables, rows.length) };
  } catch (problem) {
    if (!(problem instanceof RequestProblem)) throw problem;
    return { text: t("delete_unchecked", { count: rows.length }) };
  }
}

/** The rows of the selection that may go. */
function selectedRows({ sheet, selection }) {
  const block = selection.block();
  const rows = [];
  for (let position = block?.top; position <= block?.bottom; position += 1) {
    const row = sheet.at(position);
    if (row && !sheet.isPlaceholder(row) && !row.isFixed && (row.isNew || sheet.canDelete)) rows.push(row);
  }
  return rows;
}

/** Delete the selected rows, unless the person thinks better of it. */
export async function deleteSelected(app) {
  app.view.commit();
  const rows = selectedRows(app);
  if (rows.length === 0) {
    notify(t("choose_rows"));
    return;
  }
  const question = await questionAbout(app, rows);
  const how = { confirmLabel: t("delete_anyway"), isDangerous: true };
  if (question && !(await askToConfirm({ ...question, ...how }))) return;
  app.sheet.deleteRows(rows);
  app.selection.collapse();
  app.deletions.add(rows.filter(({ isDeleted }) => isDeleted));
  await app.saver.flush();
}

/** Deletions the server has not answered yet: what is gone is told only when it has. */
export class Deletions {
  /** @param {function(number): void} onGone told how many rows of one deletion are gone */
  constructor(onGone) {
    this.onGone = onGone;
    this.waiting = [];
  }

  /** Rows were deleted together; those that the server never had are gone already. */
  add(rows) {
    this.waiting.push(rows);
    this.settle();
  }

  /** Answers have come: tell of each deletion of which no row waits for one any more. */
  settle() {
    const answered = this.waiting.filter((rows) => !rows.some(isWaiting));
    this.waiting = this.waiting.filter((rows) => rows.some(isWaiting));
    for (const rows of answered) {
      const count = rows.filter(({ isDeleted }) => isDeleted).length;
      if (count > 0) this.onGone(count);
    }
  }
}

// A row that the server has deleted is a new one, should somebody want it back.
function isWaiting({ isDeleted, isNew }) {
  return isDeleted && !isNew;
}
