/**
 * Deleting rows: first the question what else would lose by it, then the deletion.
 */

import { askToConfirm, notify } from "../common/dialog.js";
import { RequestProblem, requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

// The server takes no more ids at once.
const mostIds = 2000;

/** Rows per table that refer to these ones: [{name, number, rows}], the most first. */
async function countReferring(app, rows) {
  const totals = new Map();
  for (let start = 0; start < rows.length; start += mostIds) {
    const ids = rows.slice(start, start + mostIds).map(({ id }) => id);
    const body = { period: app.scope.period, ids };
    const { tables } = await requestJson(app.addresses.referringUrl, { method: "POST", body });
    for (const table of tables) {
      const rowsSoFar = totals.get(table.identifier)?.rows ?? 0;
      totals.set(table.identifier, { ...table, rows: rowsSoFar + table.rows });
    }
  }
  return [...totals.values()].sort((left, right) => right.rows - left.rows);
}

/** What to ask before the rows go; null when nothing speaks against it. */
async function questionAbout(app, rows) {
  const stored = rows.filter(({ isNew }) => !isNew);
  if (!app.sheet.spec.referred_to || stored.length === 0) return null;
  try {
    const tables = await countReferring(app, stored);
    if (tables.length === 0) return null;
    const list = tables.map(({ name, rows: count }) => t("referring_table", { name, count }));
    const text = t("delete_referred", { count: rows.length, list: list.join(t("list_separator")) });
    return { title: t("delete_title"), text };
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
    if (row && !sheet.isPlaceholder(row) && (row.isNew || sheet.canDelete)) rows.push(row);
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
  const count = app.sheet.deleteRows(rows);
  app.selection.collapse();
  if (count === 0) return;
  const undo = { label: t("undo"), run: () => app.actions.undo() };
  notify(t("rows_deleted", { count }), { actions: [undo] });
}
