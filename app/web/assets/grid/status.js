/**
 * What the page says about saving, errors and selection.
 */

import { fill, icon, make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { changedText } from "./conflict.js";
import { isPending } from "./found.js";
import { messagesOf, textsOf } from "./row.js";

function clock(now) {
  return [now.getHours(), now.getMinutes(), now.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

const lookByState = {
  ready: ["cloud-check", "is-saved"],
  read_only: ["lock", ""],
  saved: ["circle-check", "is-saved"],
  saving: ["loader-2", "is-saving"],
  unsaved: ["clock", "is-unsaved"],
  refused: ["alert-circle", "is-refused"],
  kept: ["alert-circle", "is-refused"],
  waiting: ["wifi-off", "is-refused"],
  stopped: ["alert-circle", "is-refused"],
};

function statusText({ state, unsaved, unsavedRows, keptRows }, now) {
  if (state === "saved") return t("saved_at", { time: clock(now) });
  if (state === "ready") return t("saves_by_itself");
  if (state === "read_only") return t("read_only");
  if (state === "saving") return t("saving");
  if (state === "waiting") return t("unsaved_waiting", { count: unsaved });
  if (state === "kept") return t("rows_kept", { count: keptRows });
  if (state === "refused") return t("unsaved_refused", { count: unsavedRows });
  return t("unsaved", { count: unsaved });
}

/** Show the state of saving in the status line. */
export function showSaveState(element, change, now = new Date()) {
  if (!element) return;
  const [name, look] = lookByState[change.state] ?? lookByState.unsaved;
  element.className = `save-status ${look}`;
  fill(element, icon(name), make("span", { text: statusText(change, now) }));
}

/**
 * List the cells with a state, in reading order over the loaded rows.
 * @returns {{errors: object[], warnings: object[], conflicts: object[], isWhole: boolean}} `isWhole`:
 *   there are no other rows and columns
 */
export function findMarks(sheet) {
  const { findings } = sheet;
  const isKnown = Boolean(findings?.place.isKnown);
  const unseen = isKnown ? findings.unseen() : [];
  const marks = { errors: [], warnings: [], conflicts: [], unseen, isWhole: isKnown || isWhole(sheet) };
  sheet.store.rows.forEach((row, position) => {
    if (!row) return;
    const codes = row.conflict ? null : row.markedCodes;
    if (codes?.size === 0) return;
    sheet.fields.forEach((field, index) => {
      if (codes && !codes.has(field.code)) return;
      const state = row.cellState(field);
      if (!state || state.severity === "unsaved" || state.severity === "settled") return;
      const mark = { row, field, position, cell: index + 1, state };
      if (state.severity === "error") marks.errors.push(mark);
      else if (state.severity === "warning") marks.warnings.push(mark);
      else marks.conflicts.push(mark);
    });
  });
  return marks;
}

function isWhole({ store, fields, allFields }) {
  const { q, filter } = store.query;
  const isLoaded = store.isCountExact && store.loadedRows().length === store.length;
  return isLoaded && !q && !filter && fields.length === allFields.length;
}

/**
 * The mark after the active cell: all conflicts and errors first, then all warnings, then from the
 * beginning; undefined when there is none. One with a `finding` stands in a row that is not loaded.
 */
export function nextMark(sheet, active) {
  const { errors, warnings, conflicts, unseen } = findMarks(sheet);
  const further = unseen.map((finding) => sheet.findings.markOf(finding)).filter(Boolean);
  const inOrder = (marks, severity) =>
    [...marks, ...further.filter(({ state }) => state.severity === severity)].sort(
      (left, right) => left.position - right.position || left.cell - right.cell,
    );
  const marks = [...inOrder([...conflicts, ...errors], "error"), ...inOrder(warnings, "warning")];
  const from = active ?? { row: -1, cell: -1 };
  const isAt = ({ position, cell }) => position === from.row && cell === from.cell;
  const isAfter = ({ position, cell }) =>
    position > from.row || (position === from.row && cell > from.cell);
  const at = marks.findIndex(isAt);
  return at >= 0 ? marks[(at + 1) % marks.length] : (marks.find(isAfter) ?? marks[0]);
}

// A cell may have several errors, and warnings beside them: they are counted as the checks of the
// submission count them.
function countMessages(marks, severity) {
  const said = marks.flatMap(({ state }) => messagesOf(state));
  return said.filter((each) => each.severity === severity && isPending(each)).length;
}

/** How much there is to correct, in words. */
export function summarise({ errors, warnings, conflicts, unseen = [], isWhole }) {
  const parts = [];
  if (conflicts.length > 0) {
    const rows = new Set(conflicts.map(({ row }) => row)).size;
    parts.push(t("conflict_count", { count: rows }));
  }
  const marks = [...errors, ...warnings];
  const [errorCount, warningCount] = ["error", "warning"].map(
    (name) => countMessages(marks, name) + unseen.filter(({ severity }) => severity === name).length,
  );
  if (errorCount > 0) parts.push(t("error_count", { count: errorCount }));
  if (warningCount > 0) parts.push(t("warning_count", { count: warningCount }));
  const counts = parts.join(t("clause_separator"));
  return isWhole ? counts : t("marks_of_shown", { counts });
}

/**
 * Fill the bar above the grid. It always has room for two lines, so that the grid does not jump under
 * the hands of somebody who is typing; only longer texts, and drafts that wait, take more.
 * @param {HTMLElement|null} element
 * @param {object} marks from findMarks
 * @param {{problem: object|null, offer: object|null}} told each a {text, actions?}: a problem of saving,
 *   which takes the place of the marks, and what an earlier visit left, which stands beside them
 * @param {{goToNext: function(): void, decide: function(): void, active: object|null}} deeds go to
 *   the next mark, decide conflicts; `active` is the active cell, whose mark is told before others
 * @param {boolean} isCorrectable whether there are rows, and rights to change them
 */
export function showErrorBar(element, marks, { problem, offer }, deeds, isCorrectable) {
  if (!element) return;
  const first = toldMark(marks, deeds.active);
  const { unseen = [] } = marks;
  const isSerious = problem || hasSerious(marks);
  const isWarning = first || unseen.length > 0 || offer;
  element.hidden = false;
  element.className = `error-bar ${isSerious ? "is-error" : isWarning ? "is-warning" : "is-clear"}`;
  const lines = offer ? [makeProblemLine(offer, "clock")] : [];
  if (problem) lines.unshift(makeProblemLine(problem));
  else if (first || unseen.length > 0) lines.unshift(makeMarkLine(marks, first, deeds));
  else if (!offer) lines.push(makeClearLine(isCorrectable));
  fill(element, ...lines);
  const says = problem || offer || first || unseen.length > 0;
  element.classList.toggle("is-quiet", !says && !isCorrectable);
}

function hasSerious({ errors, conflicts, unseen = [] }) {
  return errors.length > 0 || conflicts.length > 0 || unseen.some(({ severity }) => severity === "error");
}

/** The mark at the active cell, else why a row could not be saved, else the first of the gravest. */
export function toldMark({ errors, warnings, conflicts }, active) {
  const marks = [...conflicts, ...errors, ...warnings];
  const isActive = ({ position, cell }) => position === active?.row && cell === active?.cell;
  return marks.find(isActive) ?? errors.find(({ row }) => row?.refused) ?? marks[0];
}

// Of no rows, or rows nobody may change here, there is nothing to say; the line keeps its height.
function makeClearLine(isCorrectable) {
  if (!isCorrectable) return make("div", { class: "error-line" });
  return make("div", { class: "error-line" }, [icon("check"), make("span", { text: t("no_marks") })]);
}

function makeButton({ label, run }) {
  return make("button", { type: "button", class: "btn btn-sm", text: label, onclick: run });
}

function makeProblemLine({ text, actions = [] }, sign = "alert-circle") {
  const buttons = actions.map(makeButton);
  return make("div", { class: "error-line" }, [icon(sign), make("span", { text }), ...buttons]);
}

// Of what no shown cell tells, the first one stands for the others.
function exampleOf(first, unseen) {
  if (!first) {
    const { row, message } = unseen[0];
    return row ? t("first_mark_named", { row, message }) : t("table_mark", { message });
  }
  const { state } = first;
  const message = state.conflict ? changedText(first.row.conflict.changed) : textsOf(state).join(" ");
  const field = first.field.label;
  // Most messages name their field themselves.
  const words = message.includes(field) ? "first_mark_named" : "first_mark";
  return t(words, { row: first.position + 1, field, message });
}

function makeMarkLine(marks, first, { goToNext, decide }) {
  const isSerious = hasSerious(marks);
  const example = exampleOf(first, marks.unseen);
  return make("div", { class: "error-line" }, [
    icon(isSerious ? "alert-circle" : "alert-triangle"),
    make("strong", { text: summarise(marks) }),
    make("span", { class: "error-example", text: example }),
    makeButton({ label: t("next_mark"), run: goToNext }),
    marks.conflicts.length > 0 ? makeButton({ label: t("conflict_decide"), run: decide }) : null,
  ]);
}

/** The line under the grid: rows, selection, sum of the selected numbers. */
export function showSummary(element, sheet, block) {
  if (!element) return;
  const { length, isCountExact } = sheet.store;
  const parts = [t(isCountExact ? "row_count" : "row_count_at_least", { count: length })];
  if (block) {
    const height = block.bottom - block.top + 1;
    const width = block.right - block.left + 1;
    if (height * width > 1) parts.push(t("selected_block", { columns: width, rows: height }));
    const sum = sumOf(sheet, block);
    if (sum !== null) parts.push(t("selected_sum", { sum }));
  }
  element.textContent = parts.join(t("clause_separator"));
}

function sumOf(sheet, block) {
  const fields = sheet.fields
    .slice(block.left - 1, block.right)
    .filter(({ type }) => type === "integer" || type === "number");
  const numbers = [];
  for (let position = block.top; position <= block.bottom; position += 1) {
    const row = sheet.at(position);
    for (const { code } of fields) {
      const value = row?.values[code];
      if (value !== null && value !== undefined && Number.isFinite(Number(value))) {
        numbers.push(Number(value));
      }
    }
  }
  if (numbers.length < 2) return null;
  return String(Number(numbers.reduce((sum, number) => sum + number, 0).toFixed(6)));
}
