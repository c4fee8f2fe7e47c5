/**
 * Changes that the server makes in many rows at once: shown first, then written as one set, then
 * taken over here as one command, so that one undo takes them back.
 */

import { notify } from "../common/dialog.js";
import { RequestProblem, requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { nameOf } from "./paste_preview.js";
import { askByPreview, weigh } from "./preview_drawer.js";
import { Row } from "./row.js";
import { offerUndo } from "./undo_offer.js";
import { formatValue } from "./values.js";

const order = ["rejected", "conflict", "changed"];

/** Which rows: those of the selection, or all that are shown. */
export function chosenRows(app, ids) {
  const query = Object.entries(app.reading.query()).filter(([, text]) => text);
  return { ...app.scope, ...Object.fromEntries(query), ...(ids ? { ids } : {}) };
}

/**
 * Show what the edits would do, and write them if that is wanted.
 * @param {object} app
 * @param {object} options {title, edits, ids}: `ids` null: all rows that are shown
 * @returns {Promise<boolean>} whether something was written
 */
export async function changeInBulk(app, { title, edits, ids = null }) {
  const reason = await whyNotNow(app);
  if (reason) {
    notify(reason, { seconds: 15 });
    return false;
  }
  const body = { ...chosenRows(app, ids), edits };
  try {
    const trial = await post(app, { ...body, dry_run: true });
    if (!(await askByPreview(shownOf(app, trial, title)))) return false;
    const done = await post(app, { ...body, seen: trial.seen });
    takeOver(app, done);
    return true;
  } catch (problem) {
    if (!(problem instanceof RequestProblem)) throw problem;
    notify(problem.message, { seconds: 15 });
    return false;
  }
}

async function whyNotNow(app) {
  app.view.commit();
  await app.saver.flush();
  return app.queue.countUnsaved() > 0 ? t("bulk_save_first") : null;
}

async function post(app, body) {
  const headers = body.dry_run ? {} : { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}` };
  const answer = await requestJson(app.addresses.bulkEditUrl, { method: "POST", body, headers });
  app.picker.learn(answer.labels);
  return answer;
}

function shownOf(app, trial, title) {
  const groups = order.map((outcome) => ({
    outcome,
    count: trial.counts[outcome] ?? 0,
    items: trial.rows.filter((row) => row.outcome === outcome).map((row) => itemOf(app, row)),
  }));
  const unchanged = { outcome: "unchanged", count: trial.counts.unchanged ?? 0, items: [] };
  const bad = groups[0].count + groups[1].count;
  const notes = [t("bulk_affected", { rows: groups[2].count, cells: trial.cells, chosen: trial.chosen })];
  if (bad > 0) notes.push(t("bulk_bad_stay", { count: bad }));
  return {
    title,
    notes,
    groups: [...groups, unchanged].filter(({ count, outcome }) => count > 0 || outcome !== "conflict"),
    confirmLabel: t("preview_write"),
    isConfirmable: groups[2].count > 0,
  };
}

function itemOf(app, { id, ok, values, before, findings }) {
  const { allFields, store } = app.sheet;
  const shown = (field, value) => formatValue(field, value, app.picker.labelOf(field, value));
  const reasons = (code) => findings.filter(({ field }) => field === code).map(({ message }) => message);
  const changed = allFields.filter(({ code }) => code in before);
  const cells = changed.map((field) => ({
    label: field.label,
    before: shown(field, before[field.code]),
    after: shown(field, values[field.code]),
    reasons: reasons(field.code),
  }));
  const row = store.loadedRows().find((each) => each.id === id);
  const codes = new Set(changed.map(({ code }) => code));
  const others = findings.filter(({ field }) => !codes.has(field)).map(({ message }) => message);
  return {
    place: row ? t("row_number", { row: store.positionOf(row) + 1 }) : t("row_not_loaded"),
    name: nameOf(app.sheet, row ?? { values: { ...values, ...before } }),
    cells,
    ...weigh(others, ok),
  };
}

/** The rows that the server has changed, as one command that is done already. */
export function takeOver(app, { rows: results, counts, waiting }) {
  const { sheet, store, history } = app;
  const loaded = new Map(store.loadedRows().map((row) => [row.id, row]));
  const cells = [];
  const changed = [];
  for (const result of results.filter(({ ok, outcome }) => ok && outcome === "changed")) {
    const row = loaded.get(result.id) ?? held(store, result);
    changed.push({ row, values: result.before });
    for (const field of sheet.allFields.filter(({ code }) => code in result.before)) {
      const after = result.values[field.code] ?? null;
      cells.push({ row, field, before: result.before[field.code] ?? null, after });
      row.values[field.code] = after;
    }
    row.base = { ...row.base, ...result.values };
    row.version = result.version;
    row.showFindings(result.findings, result.values, sheet.allFields, { isStored: true });
  }
  const rows = changed.map(({ row }) => row);
  app.displaced.note({ rows, changes: changed }, rows);
  sheet.lastYear?.onChangedThere(rows, waiting);
  if (cells.length > 0) history.push({ cells, added: [], removed: [] });
  sheet.onChange({ rows: [], isReshaped: true });
  app.reading.onRowsChanged();
  tell(app, counts, cells.length);
}

// A row whose page has not been looked at is kept, so that an undo reaches it.
function held(store, { id, version, values, before }) {
  const row = new Row({ id, version, values: { ...values, ...before } });
  store.adopt(row);
  return row;
}

function tell(app, counts, cells) {
  const parts = [t("bulk_done", { rows: counts.changed ?? 0, cells })];
  const bad = (counts.rejected ?? 0) + (counts.conflict ?? 0);
  if (bad > 0) parts.push(t("bulk_left", { count: bad }));
  offerUndo(app, parts.join(t("clause_separator")));
}
