/**
 * Filters as data. The server takes a tree: `{"and": […]}`, `{"or": […]}` or
 * `[field, operator, value]`. The panel works on groups of conditions that hold what is typed as
 * text; a period that moves with the calendar stays a name until the rows are asked for.
 */

import { periodNames, rangeFor } from "./relative_period.js";
import { choicesOf, parseText } from "./values.js";

/** Operator of ours: between the first and the last day of a named period. */
export const periodOperator = "period";
/** The server takes no longer lists. */
export const mostValues = 200;

const datedTypes = new Set(["date", "datetime", "yearmonth"]);
// The last three compare with whoever asks; only rules of rows offer them.
const withoutValue = new Set(["empty", "not_empty", "=user", "!=user", "in_departments"]);

/** The fields that rows can be filtered by. */
export function filterableFields(fields) {
  return fields.filter(({ operators }) => operators?.length > 0);
}

/** The operators to choose from for a field. */
export function operatorsOf(field) {
  const offered = field.operators ?? [];
  const isDated = datedTypes.has(field.type) && offered.includes("between");
  return isDated ? [periodOperator, ...offered] : offered;
}

/** How the value of a condition is typed: none, period, list, pair or single. */
export function inputKind(operator) {
  if (withoutValue.has(operator)) return "none";
  if (operator === periodOperator) return "period";
  if (operator === "in") return "list";
  return operator === "between" ? "pair" : "single";
}

// What people look for first: a part of a text, days of a period, the value itself.
function usualOperator(field) {
  const offered = operatorsOf(field);
  const isText = field.type === "string" || field.type === "text";
  const wanted = [periodOperator, ...(isText ? ["contains"] : []), "="];
  return wanted.find((operator) => offered.includes(operator)) ?? offered[0];
}

/** A condition with its usual operator and nothing typed yet. */
export function newCondition(field) {
  const operator = usualOperator(field);
  return { field: field.code, operator, texts: operator === periodOperator ? [periodNames[0]] : [] };
}

/** A group with no conditions yet. */
export function newGroup(joinedBy = "and") {
  return { joinedBy, parts: [] };
}

/** True for a group, false for a condition. */
export function isGroup(part) {
  return "parts" in part;
}

/** The values of a pasted column: one a line, doubles and empty lines left out. */
export function pastedValues(text) {
  const lines = text.split(/\r?\n/).map((line) => line.split("\t")[0].trim());
  return [...new Set(lines.filter(Boolean))];
}

function valueOf(field, text) {
  const choice = choicesOf(field).find(({ code }) => String(code) === text);
  return choice ? choice.code : parseText(field, text);
}

function neededTexts(kind, texts) {
  const typed = texts.map((text) => text.trim());
  if (kind === "list") return typed.filter(Boolean);
  const wanted = kind === "pair" ? 2 : 1;
  return Array.from({ length: wanted }, (_, index) => typed[index] ?? "");
}

function writeCondition({ field: code, operator, texts }, byCode, problems) {
  const field = byCode.get(code);
  const kind = inputKind(operator);
  if (kind === "none") return [code, operator];
  const needed = neededTexts(kind, texts);
  if (needed.length === 0 || needed.includes("")) {
    problems.push({ key: "filter_value_missing", parameters: { field: field.label } });
    return null;
  }
  if (needed.length > mostValues) {
    const parameters = { field: field.label, count: needed.length, most: mostValues };
    problems.push({ key: "filter_too_many_values", parameters });
    return null;
  }
  if (kind === "period") return [code, operator, needed[0]];
  const values = needed.map((text) => valueOf(field, text));
  return [code, operator, kind === "single" ? values[0] : values];
}

/**
 * The tree that a group means.
 * @param {{joinedBy: string, parts: object[]}} group
 * @param {object[]} fields
 * @returns {{tree: object|null, problems: Array<{key: string, parameters: object}>}} null for a
 *   group without conditions; problems name what is still missing
 */
export function writeTree(group, fields) {
  const byCode = new Map(fields.map((field) => [field.code, field]));
  const problems = [];
  const write = (part) => {
    if (!isGroup(part)) return writeCondition(part, byCode, problems);
    const parts = part.parts.map(write).filter(Boolean);
    return parts.length > 0 ? { [part.joinedBy]: parts } : null;
  };
  return { tree: write(group), problems };
}

function readCondition([code, operator, value], byCode) {
  const field = byCode.get(code);
  if (!field || !operatorsOf(field).includes(operator)) return null;
  const values = value === undefined || value === null ? [] : [value].flat();
  return { field: code, operator, texts: values.map(String) };
}

/**
 * The group that a tree means. What the fields do not have is left out and counted.
 * @returns {{group: object, dropped: number}}
 */
export function readTree(tree, fields) {
  const byCode = new Map(filterableFields(fields).map((field) => [field.code, field]));
  let dropped = 0;
  const read = (part) => {
    const [joinedBy, parts] = Array.isArray(part) ? [] : Object.entries(part ?? {})[0] ?? [];
    if (joinedBy) return { joinedBy, parts: parts.map(read).filter(Boolean) };
    const condition = Array.isArray(part) ? readCondition(part, byCode) : null;
    if (!condition) dropped += 1;
    return condition;
  };
  if (!tree) return { group: newGroup(), dropped };
  const found = read(tree);
  if (found && isGroup(found)) return { group: found, dropped };
  return { group: { joinedBy: "and", parts: found ? [found] : [] }, dropped };
}

/** The tree as the server takes it: named periods become their days. */
export function compileTree(tree, fields, today) {
  const byCode = new Map(fields.map((field) => [field.code, field]));
  const compile = (part) => {
    if (!Array.isArray(part)) {
      const [[joinedBy, parts]] = Object.entries(part);
      return { [joinedBy]: parts.map(compile) };
    }
    const [code, operator, name] = part;
    const field = byCode.get(code);
    const range = operator === periodOperator && field ? rangeFor(field, name, today) : null;
    return range ? [code, "between", range] : part;
  };
  return tree ? compile(tree) : null;
}

/** The tree with one more condition that has to hold besides: the field has this value. */
export function narrowed(tree, field, value) {
  const isNothing = value === null || value === undefined || value === "";
  const condition = isNothing ? [field.code, "empty"] : [field.code, "=", value];
  if (!tree) return { and: [condition] };
  const isAlready = tree.and?.some((part) => JSON.stringify(part) === JSON.stringify(condition));
  if (isAlready) return tree;
  return { and: [...(tree.and ?? [tree]), condition] };
}

/** How many conditions a tree has. */
export function countConditions(tree) {
  if (!tree) return 0;
  if (Array.isArray(tree)) return 1;
  return Object.values(tree)[0].reduce((count, part) => count + countConditions(part), 0);
}
