/**
 * Columns from the table's spec: width and alignment by type, headings with unit and required mark,
 * frozen key columns, and the drawing of cells with their state.
 */

import { lacksMaterial } from "../beside/materials.js";
import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { changedText } from "./conflict.js";
import { editorFor } from "./editors.js";
import { textsOf } from "./row.js";
import { tidiedText } from "./tidied.js";
import { formatValue, isEmpty } from "./values.js";

/** Identifier of the column with the row numbers. */
export const rowNumberColumn = "#";

const stateClasses = [
  "is-error",
  "is-warning",
  "is-conflict",
  "is-unsaved",
  "is-missing",
  "is-grey",
  "is-waiting",
  "is-note",
  "is-displaced",
  "has-comment",
  "has-material",
  "lacks-material",
  "has-return",
  "has-answered-return",
  "is-carried",
  "is-contributed",
  "is-closed",
  "is-changed",
  "is-settled",
  "stands-explained",
  "stands-adopted",
  "stands-rejected",
  "stands-waived",
  "stands-waiting",
];

const widthByType = {
  integer: 88,
  number: 104,
  boolean: 76,
  date: 112,
  datetime: 160,
  binary: 88,
  yearmonth: 96,
  text: 240,
  reference: 176,
};

const characterWidth = 14;
// Eleven digits: the number of a telephone.
const shortText = 108;
const headingLines = 2;

/** Width in pixels that suits a field: its type, its length, and its heading. */
export function columnWidth(field) {
  const perLine = Math.min(9, Math.ceil(headingText(field).length / headingLines));
  const headingWidth = Math.max(perLine, 4) * characterWidth + 30;
  return Math.min(320, Math.max(bodyWidth(field), headingWidth));
}

function bodyWidth(field) {
  if (field.type === "code") {
    const longest = Math.max(4, ...(field.codes ?? []).map(({ label }) => label.length));
    return Math.min(220, longest * characterWidth + 32);
  }
  if (field.type === "string") {
    return Math.min(220, Math.max(shortText, (field.max_length ?? 20) * 4.5));
  }
  return widthByType[field.type] ?? 140;
}

/** Heading of a field: its label, and the unit unless the label names it already. */
export function headingText(field) {
  const isUnitNamed = !field.unit || field.label.includes(field.unit);
  return isUnitNamed ? field.label : t("label_with_unit", { label: field.label, unit: field.unit });
}

function headingTitle(field, position) {
  const lines = [t("field_position", { position, code: field.code }), headingText(field)];
  if (field.required) lines.push(t("required_word"));
  if (field.guidance) lines.push(field.guidance);
  return lines.join("\n");
}

function makeHeading(field) {
  return make("span", { class: "heading" }, [
    make("span", { class: "heading-text", text: headingText(field) }),
    field.required ? make("span", { class: "heading-required", text: "*" }) : null,
  ]);
}

// The name of a row stays in view with its key where no more than so many columns lie between.
const mostBetween = 1;

function countKeys(fields) {
  const firstOther = fields.findIndex(({ key, fixed }) => !key && !fixed);
  return firstOther < 0 ? fields.length : firstOther;
}

/**
 * Number of leading fields that stay in view where there is room: the key, and the field that people
 * know a row by.
 * @param {object[]} fields
 * @param {string|null} [label] code of the field that people know a row by
 */
export function countUsuallyFrozen(fields, label = null) {
  const keys = countKeys(fields);
  const position = fields.findIndex(({ code }) => code === label);
  const isNear = keys > 0 && position >= keys && position <= keys + mostBetween;
  return isNear ? position + 1 : keys;
}

/**
 * Number of leading fields that stay in view in a grid of this width: key and label where they take
 * at most half of it, else of the key what takes at most two fifths.
 */
export function countFrozen(fields, availableWidth, label = null) {
  const roomFor = (share) => availableWidth * share - 52;
  const widthOf = (count) =>
    fields.slice(0, count).reduce((width, field) => width + columnWidth(field), 0);
  const usual = countUsuallyFrozen(fields, label);
  let frozen = countKeys(fields);
  if (usual > frozen && widthOf(usual) <= roomFor(0.5)) return usual;
  while (frozen > 0 && widthOf(frozen) > roomFor(0.4)) frozen -= 1;
  return frozen;
}

function stateClassOf(sheet, row, field, state) {
  if (!state) return sheet.isEditable(row, field) ? "" : "is-grey";
  if (state.severity === "error" && isEmpty(row.values[field.code])) return "is-missing";
  const classes = [`is-${state.severity}`];
  if (state.isUnsaved && state.severity !== "unsaved") classes.push("is-unsaved");
  if (state.standing) classes.push(`stands-${state.standing}`);
  return classes.join(" ");
}

/** The corner marks of a cell with their words. */
function attachedMarks(sheet, row, field) {
  if (sheet.isPlaceholder(row)) return [];
  const comments = row.attachedAt("comments", field.code);
  const materials = row.attachedAt("materials", field.code);
  const marks = sheet.returned?.marksOf(row, field.code) ?? [];
  if (comments > 0) marks.push({ name: "has-comment", words: t("comment_mark", { count: comments }) });
  if (materials > 0) {
    marks.push({ name: "has-material", words: t("material_mark", { count: materials }) });
  } else if (!row.isNew && lacksMaterial(field, row.values[field.code], materials)) {
    const key = field.material === "required" ? "material_required" : "material_recommended";
    marks.push({ name: "lacks-material", words: t(key, { field: field.label }) });
  }
  return marks;
}

const judgedClasses = ["is-error", "is-warning", "is-missing"];
const attachedClasses = ["has-comment", "has-material", "lacks-material", "has-return", "has-answered-return"];

/** Mark a cell that is not drawn anew because it is the active one. */
export function showAttached(node, sheet, row, field) {
  const names = new Set(attachedMarks(sheet, row, field).map(({ name }) => name));
  for (const name of attachedClasses) node.classList.toggle(name, names.has(name));
  const state = sheet.isPlaceholder(row) ? null : row.cellState(field);
  const looks = new Set(stateClassOf(sheet, row, field, state).split(" "));
  const isOfState = (name) => name === "is-settled" || name.startsWith("stands-") || judgedClasses.includes(name);
  for (const name of stateClasses.filter(isOfState)) node.classList.toggle(name, looks.has(name));
}

function makeFormatter(sheet, field, picker) {
  return (position, cell, value, column, row) => {
    if (!row) return "";
    const text = formatValue(field, row.values[field.code], picker.labelFor(row, field));
    const state = sheet.isPlaceholder(row) ? null : row.cellState(field);
    const marks = attachedMarks(sheet, row, field);
    const tidied = sheet.isPlaceholder(row) ? null : tidiedText(row, field);
    const messages = state?.conflict ? [changedText(row.conflict.changed)] : textsOf(state);
    const title = [...messages, tidied, ...marks.map(({ words }) => words)].filter(Boolean).join("\n");
    const content = title
      ? { html: make("span", { class: "cell-text", title, text: text || "\u00a0" }) }
      : { text };
    const names = [stateClassOf(sheet, row, field, state), tidied ? "is-note" : "", ...marks.map(({ name }) => name)];
    const addClasses = names.filter(Boolean).join(" ");
    const drawn = { ...content, addClasses, removeClasses: stateClasses.join(" ") };
    return sheet.lastYear?.decorate(row, field, drawn) ?? drawn;
  };
}

function rowMark(sheet, row) {
  return row.isDisplaced ? `${stateMark(sheet, row)} is-displaced`.trim() : stateMark(sheet, row);
}

function stateMark(sheet, row) {
  if (row.conflict) return "is-conflict";
  const codes = row.markedCodes;
  const marked = codes.size > 0 ? sheet.allFields.filter(({ code }) => codes.has(code)) : [];
  const severities = marked.map((field) => row.cellState(field)?.severity);
  if (severities.includes("error")) return "is-error";
  return severities.includes("warning") ? "is-warning" : "";
}

/** The corner marks of a row as a whole; a material of any of its cells supports it as well. */
function rowNotes(sheet, row) {
  if (sheet.isPlaceholder(row)) return [];
  const { material } = sheet.spec;
  const [comments, materials] = ["comments", "materials"].map((kind) => row.attachedAt(kind, ""));
  const marks = sheet.returned?.marksOf(row, "") ?? [];
  if (comments > 0) marks.push({ name: "has-comment", words: t("comment_mark", { count: comments }) });
  if (materials > 0) {
    marks.push({ name: "has-material", words: t("material_mark", { count: materials }) });
  } else if (material && !row.isNew && !row.hasMaterials) {
    const key = material === "required" ? "row_material_required" : "row_material_recommended";
    marks.push({ name: "lacks-material", words: t(key) });
  }
  return marks;
}

function contributedText({ contributed }) {
  if (!contributed) return "";
  const { department, why_fixed: whyFixed } = contributed;
  return [t("row_contributed", { department }), whyFixed].filter(Boolean).join("\n");
}

function drawNumber(sheet, position, row) {
  const notes = row ? rowNotes(sheet, row) : [];
  const told = row
    ? [row.isDisplaced ? t("row_stays") : "", contributedText(row), row.closed, sheet.lastYear?.tellRow(row), ...notes.map(({ words }) => words)]
    : [];
  const title = told.filter(Boolean).join("\n");
  const text = row && sheet.isPlaceholder(row) ? "+" : String(position + 1);
  const names = row ? [rowMark(sheet, row), ...notes.map(({ name }) => name), sheet.lastYear?.markRow(row)] : [];
  if (row?.contributed) names.push("is-contributed");
  if (row?.closed) names.push("is-closed");
  return {
    ...(title ? { html: make("span", { class: "cell-text", title, text }) } : { text }),
    addClasses: names.filter(Boolean).join(" "),
    removeClasses: stateClasses.join(" "),
  };
}

function makeNumberColumn(sheet) {
  return {
    id: rowNumberColumn,
    field: rowNumberColumn,
    name: make("span", { class: "heading heading-number", text: "#" }),
    toolTip: t("row_numbers"),
    width: 52,
    resizable: false,
    sortable: false,
    reorderable: false,
    focusable: false,
    selectable: false,
    cssClass: "row-number",
    headerCssClass: "row-number-heading",
    formatter: (position, cell, value, column, row) => drawNumber(sheet, position, row),
  };
}

const alignmentByType = { integer: "is-number", number: "is-number", boolean: "is-centred" };

/**
 * The grid's columns.
 * @param {object} sheet
 * @param {object} picker looks up references
 * @param {object} layout how wide the columns are
 * @returns {object[]}
 */
export function makeColumns(sheet, picker, layout) {
  const columns = sheet.fields.map((field, index) => ({
    id: field.code,
    field: field.code,
    statedataField: field,
    name: makeHeading(field),
    toolTip: headingTitle(field, index + 1),
    width: layout.widthOf(field.code),
    minWidth: 56,
    sortable: field.sortable !== false,
    editor: editorFor(field, picker),
    cssClass: [alignmentByType[field.type] ?? "", field.key ? "is-key" : ""].join(" ").trim(),
    headerCssClass: alignmentByType[field.type] === "is-number" ? "is-number" : "",
    formatter: makeFormatter(sheet, field, picker),
  }));
  return [makeNumberColumn(sheet), ...columns];
}
