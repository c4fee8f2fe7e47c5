/**
 * Copy, cut and paste of the browser, when the focus is in the grid.
 */

import { notify } from "../common/dialog.js";
import { RequestProblem } from "../common/http.js";
import { t } from "../common/messages.js";
import { headingText } from "./columns.js";
import { parseBlock } from "./clipboard.js";
import { parseTable } from "./clipboard_html.js";
import { headedKey, planPaste } from "./paste_plan.js";
import { isLarge, previewPaste } from "./paste_preview.js";
import { lookUpKeys } from "./reference_keys.js";
import { clearCells, copyBlock, isForGrid, writePlan } from "./transfer.js";
import { offerUndo } from "./undo_offer.js";

const mostCells = 100_000;
const longestText = mostCells * 40;

/** Listen to the clipboard. */
export function listenToClipboard(app) {
  const isHere = () => app.container.contains(document.activeElement);
  document.addEventListener("copy", (event) => {
    if (isHere()) copy(app, event);
  });
  document.addEventListener("cut", (event) => {
    if (isHere() && copy(app, event)) clearCells(app.sheet, app.selection.block());
  });
  document.addEventListener("paste", (event) => {
    if (isHere()) paste(app, event);
  });
}

function copy(app, event) {
  const block = app.selection.block();
  if (!block || app.view.busyEditor()) return false;
  event.preventDefault();
  const { text, html } = copyBlock(app.sheet, block, { headings: app.headingsToCopy ?? null });
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", html);
  return true;
}

/** Copy the selection with the headings of its columns. */
export function copyWithHeadings(app) {
  const block = app.selection.block();
  if (!block) return;
  const fields = app.sheet.fields.slice(block.left - 1, block.right);
  app.headingsToCopy = fields.map(headingText);
  // The copy event follows at once, while the headings are set.
  const isCopied = document.execCommand("copy");
  app.headingsToCopy = null;
  if (isCopied) notify(t("copied_with_headings", { rows: block.bottom - block.top + 1 }));
}

/** The cells on the clipboard: of the table there if there is one, else of the plain text. */
function readClipboard(clipboardData) {
  const text = clipboardData.getData("text/plain");
  const table = parseTable(clipboardData.getData("text/html"));
  return { text: text || (table ?? []).map((row) => row.join("\t")).join("\n"), table };
}

async function paste(app, event) {
  const { text, table } = readClipboard(event.clipboardData);
  const block = app.selection.block();
  if (!block || text === "" || !isForGrid(text, Boolean(app.view.busyEditor()))) return;
  event.preventDefault();
  if (!app.sheet.canEdit && !app.sheet.canAdd) {
    notify(app.sheet.lockReason ?? app.sheet.spec.rights.edit ?? t("read_only"));
    return;
  }
  const rows = text.length > longestText ? null : (table ?? parseBlock(text));
  if (!rows || rows.reduce((cells, row) => cells + row.length, 0) > mostCells) {
    notify(t("paste_too_large"), { seconds: 15 });
    return;
  }
  app.view.busyEditor()?.cancelEditing();
  try {
    await carryOut(app, block, rows);
  } catch (problem) {
    if (!(problem instanceof RequestProblem)) throw problem;
    notify(t("paste_failed", { reason: problem.message }), { seconds: 15 });
  }
}

async function carryOut(app, block, rows) {
  const { sheet, store } = app;
  const lookUp = (field, texts) => lookUpKeys(app, field, texts);
  const plan = await planPaste({ sheet, store, block, rows, lookUp });
  if (isLarge(plan) && !(await previewPaste(app, plan))) return;
  const cells = writePlan(sheet, plan);
  if (isLarge(plan)) app.saver.flush();
  if (plan.rows === 1 && plan.columns === 1 && plan.outside + plan.unnamed + plan.closed === 0) return;
  report(app, block, { ...plan, cells });
}

function report(app, block, plan) {
  const { rows, columns, added, cells, dropped, outside, closed, isHeaded } = plan;
  const anchor = { row: block.top, cell: block.left };
  const last = Math.min(block.left + columns - 1, app.sheet.fields.length);
  if (!isHeaded) app.selection.select(anchor, { row: block.top + rows - 1, cell: last });
  const parts = [t("pasted", { rows, columns, cells })];
  if (added.length > 0) parts.push(t("pasted_added", { count: added.length }));
  if (isHeaded) parts.push(t(headedKey(plan), plan));
  if (dropped > 0) parts.push(t("pasted_dropped", { count: dropped }));
  if (outside > 0) parts.push(t("pasted_outside", { count: outside }));
  if (closed > 0) parts.push(t("pasted_closed", { count: closed }));
  offerUndo(app, parts.join(t("clause_separator")));
}
