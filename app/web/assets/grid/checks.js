/**
 * Checks that need no server: they mark a cell the moment it is left. The server's own findings
 * replace them as soon as the row is saved.
 */

import { t } from "../common/messages.js";
import { choicesOf, isDecimalText, isEmpty, isRealDate } from "./values.js";

const namedChoices = 6;

function error(message) {
  return { severity: "error", message };
}

/** Length in characters as people count them, not in UTF-16 halves. */
export function countCharacters(text) {
  return Array.from(String(text)).length;
}

function checkNumber(field, value) {
  const isWhole = field.type === "integer";
  const isNumber = isDecimalText(value) && !(isWhole && String(value).includes("."));
  if (!isNumber) {
    return error(t(isWhole ? "must_be_integer" : "must_be_number", { field: field.label, value }));
  }
  const { minimum, maximum, scale } = field;
  const isTooSmall = !isEmpty(minimum) && Number(value) < Number(minimum);
  const isTooLarge = !isEmpty(maximum) && Number(value) > Number(maximum);
  if (isTooSmall || isTooLarge) return error(rangeMessage(field));
  const fraction = String(value).split(".")[1]?.replace(/0+$/, "") ?? "";
  if (!isWhole && !isEmpty(scale) && fraction.length > scale) {
    return error(t("too_many_decimals", { field: field.label, scale }));
  }
  return null;
}

function rangeMessage({ label, minimum, maximum }) {
  if (isEmpty(maximum)) return t("must_be_at_least", { field: label, minimum });
  if (isEmpty(minimum)) return t("must_be_at_most", { field: label, maximum });
  return t("must_be_between", { field: label, minimum, maximum });
}

function checkLength(field, value) {
  const length = countCharacters(value);
  if (!field.max_length || length <= field.max_length) return null;
  return error(t("too_long", { field: field.label, maximum: field.max_length, length }));
}

function checkChoice(field, value) {
  const choices = choicesOf(field);
  if (choices.length === 0) return null;
  if (choices.some((choice) => String(choice.code) === String(value))) return null;
  const names = choices.slice(0, namedChoices).map((choice) => choice.label);
  const key = choices.length > namedChoices ? "not_in_long_list" : "not_in_list";
  const list = names.join(t("list_separator"));
  const nearest = nearestChoice(choices, String(value));
  if (nearest) return error(t("not_in_list_nearest", { field: field.label, value, nearest }));
  return error(t(key, { field: field.label, value, list }));
}

/**
 * The nearest label of those that share half of the characters: as the server has it, first one from
 * which the text leaves characters out, then one of the same length.
 */
export function nearestChoice(choices, text) {
  const near = choices
    .map(({ label }) => ({ label, score: sharedPart(label, text) }))
    .filter(({ score }) => score >= 0.5)
    .map((each) => ({ ...each, isOther: !leavesOut(text, each.label), isLonger: each.label.length !== text.length }))
    .sort((a, b) => a.isOther - b.isOther || a.isLonger - b.isLonger || b.score - a.score);
  return near[0]?.label ?? null;
}

function sharedPart(label, text) {
  const [signs, wanted] = [new Set(label), new Set(text)];
  return [...signs].filter((sign) => wanted.has(sign)).length / Math.max(wanted.size, signs.size);
}

function leavesOut(text, label) {
  let from = 0;
  return [...text].every((sign) => {
    from = label.indexOf(sign, from) + 1;
    return from > 0;
  });
}

function checkDate(field, value) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value));
  if (parts && isRealDate(...parts.slice(1).map(Number))) return null;
  return error(t("must_be_date", { field: field.label, value }));
}

function checkYearMonth(field, value) {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(String(value))) return null;
  return error(t("must_be_yearmonth", { field: field.label, value }));
}

const checkByType = {
  integer: checkNumber,
  number: checkNumber,
  string: checkLength,
  text: checkLength,
  code: checkChoice,
  boolean: checkChoice,
  date: checkDate,
  yearmonth: checkYearMonth,
};

/**
 * What is wrong with one value, as far as the field alone can tell.
 * @param {object} field from the table's spec
 * @param {*} value
 * @returns {{severity: "error", message: string}|null}
 */
export function checkValue(field, value) {
  if (isEmpty(value)) {
    return field.required ? error(t("required", { field: field.label })) : null;
  }
  return checkByType[field.type]?.(field, value) ?? null;
}
