/**
 * A larger paste is shown before it is written, judged by the server.
 */

import { askToConfirm } from "../common/dialog.js";
import { RequestProblem } from "../common/http.js";
import { t } from "../common/messages.js";
import { changesOf, judge } from "./judgement.js";
import { headedKey } from "./paste_plan.js";
import { askByPreview, mostListed, showJudging, weigh } from "./preview_drawer.js";
import { formatValue } from "./values.js";

const order = ["rejected", "conflict", "created", "changed", "unchanged"];
// What is no larger is written at once: one undo takes it back.
const fewCells = 20;
const fewRows = 3;

/** Whether the paste is shown first. */
export function isLarge({ edits, added }) {
  return edits.length > fewCells || added.length > fewRows;
}

/**
 * Show what the paste would do.
 * @param {object} app
 * @param {object} plan from planPaste
 * @returns {Promise<boolean>} whether it is to be written
 */
export async function previewPaste(app, plan) {
  const title = t("preview_paste_title", { rows: plan.rows, columns: plan.columns });
  const waiting = showJudging(title);
  try {
    const ask = (changes) => app.server.tryOut(changes);
    const judged = await judge(changesOf(app.sheet, plan), ask, waiting.tell);
    if (!waiting.dialog.open) return false;
    waiting.dialog.close();
    return await askByPreview(shownOf(app, plan, judged, title));
  } catch (problem) {
    if (!(problem instanceof RequestProblem)) throw problem;
    if (!waiting.dialog.open) return false;
    waiting.dialog.close();
    return askToConfirm({
      title,
      text: t("preview_impossible", { reason: problem.message }),
      confirmLabel: t("paste_without_preview"),
    });
  }
}

function shownOf(app, plan, judged, title) {
  const groups = order.map((outcome) => {
    const entries = judged.filter((entry) => entry.outcome === outcome);
    const items = entries.slice(0, mostListed).map((entry) => itemOf(app, entry, plan));
    return { outcome, count: entries.length, items };
  });
  const bad = groups[0].count + groups[1].count;
  return {
    title,
    notes: notesOf(plan, bad),
    groups: groups.filter(({ outcome, count }) => count > 0 || outcome !== "conflict"),
    confirmLabel: t("preview_write"),
    isConfirmable: judged.some(({ cells }) => cells.length > 0),
  };
}

function notesOf(plan, bad) {
  const { added, dropped, outside, closed } = plan;
  const notes = [t("preview_nothing_written")];
  if (plan.isHeaded) notes.push(t(headedKey(plan), plan));
  if (added.length > 0) notes.push(t("preview_adds", { count: added.length }));
  if (bad > 0) notes.push(t("preview_bad_stay", { count: bad }));
  if (dropped > 0) notes.push(t("pasted_dropped", { count: dropped }));
  if (outside > 0) notes.push(t("pasted_outside", { count: outside }));
  if (closed > 0) notes.push(t("pasted_closed", { count: closed }));
  return notes;
}

function itemOf(app, { row, cells, findings, conflict, outcome }, plan) {
  const shown = (field, value) => formatValue(field, value, app.picker.labelOf(field, value));
  const reasons = (code) => findings.filter(({ field }) => field === code).map(({ message }) => message);
  const isAdded = row.isNew && plan.added.includes(row);
  const listed = cells.map(({ field, before, after }) => ({
    label: field.label,
    before: row.isNew ? null : shown(field, before),
    after: shown(field, after),
    reasons: [...reasons(field.code), ...theirs(conflict, field, shown)],
  }));
  const codes = new Set(cells.map(({ field }) => field.code));
  const others = findings.filter(({ field }) => !codes.has(field)).map(({ message }) => message);
  const position = app.store.positionOf(row);
  return {
    place: isAdded || position < 0 ? t("new_row") : t("row_number", { row: position + 1 }),
    name: isAdded ? "" : nameOf(app.sheet, row),
    cells: listed,
    ...weigh(others, outcome !== "rejected" || listed.some(({ reasons: said }) => said.length > 0)),
  };
}

function theirs(conflict, field, shown) {
  const sides = conflict?.[field.code];
  return sides ? [t("preview_theirs", { theirs: shown(field, sides.theirs) || t("nothing") })] : [];
}

/** What people know a row by: its key and its label. */
export function nameOf({ allFields, spec }, row) {
  const codes = [...allFields.filter(({ key }) => key).map(({ code }) => code), spec.label_field];
  const fields = allFields.filter(({ code }) => codes.includes(code)).slice(0, 3);
  return fields.map((field) => formatValue(field, row.values[field.code])).filter(Boolean).join(" ");
}
