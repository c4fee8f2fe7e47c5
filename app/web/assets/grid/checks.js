/**
 * Checks that need no server: they tell of a text while it is typed and mark a cell the moment it is
 * left. The server's own findings replace them as soon as the row is saved; both speak in the same
 * words (the texts are those of app/rules/finding_messages.py), so that nothing flickers.
 */

import { t } from "../common/messages.js";
import { choicesOf, isDecimalText, isEmpty, isRealDate } from "./values.js";

const namedChoices = 8;
const longestEcho = 40;

function error(key, field, parameters = {}) {
  return { severity: "error", message: t(key, { label: field.label, ...parameters }) };
}

/** What was typed, in quotation marks; of a masked field nothing is repeated. */
function quoted(field, value) {
  const signs = Array.from(String(value).trim());
  if (field.masked || signs.length === 0) return t("the_value");
  const text = signs.slice(0, longestEcho).join("");
  return t("quoted_value", { value: signs.length > longestEcho ? `${text}…` : text });
}

/** Length in characters as people count them, not in UTF-16 halves. */
export function countCharacters(text) {
  return Array.from(String(text)).length;
}

function checkNumber(field, value) {
  const isWhole = field.type === "integer";
  const isNumber = isDecimalText(value) && !(isWhole && String(value).includes("."));
  if (!isNumber) {
    const key = isDecimalText(value) ? "must_be_whole" : isWhole ? "must_be_integer" : "must_be_number";
    return error(key, field, { value: quoted(field, value) });
  }
  const { minimum, maximum, scale } = field;
  const isTooSmall = !isEmpty(minimum) && Number(value) < Number(minimum);
  const isTooLarge = !isEmpty(maximum) && Number(value) > Number(maximum);
  if (isTooSmall || isTooLarge) return outOfRange(field);
  const fraction = String(value).split(".")[1]?.replace(/0+$/, "") ?? "";
  if (!isWhole && !isEmpty(scale) && fraction.length > scale) {
    return scale > 0 ? error("too_many_decimals", field, { scale }) : error("must_be_whole", field);
  }
  return null;
}

function outOfRange(field) {
  const { minimum, maximum, unit } = field;
  const bounds = { minimum, maximum, unit: unit ? t("unit_in_brackets", { unit }) : "" };
  if (isEmpty(maximum)) return error("must_be_at_least", field, bounds);
  return error(isEmpty(minimum) ? "must_be_at_most" : "must_be_between", field, bounds);
}

function checkLength(field, value) {
  const length = countCharacters(value);
  if (!field.max_length || length <= field.max_length) return null;
  return error("too_long", field, { maximum: field.max_length, length });
}

function checkChoice(field, value) {
  const choices = choicesOf(field);
  if (choices.length === 0) return null;
  if (choices.some((choice) => String(choice.code) === String(value))) return null;
  const told = { value: quoted(field, value), list: field.code_list ?? field.label };
  if (field.type === "boolean") return error("must_be_truth", field, told);
  const suggestion = field.masked ? null : nearestChoice(choices, String(value));
  if (suggestion) return error("not_in_list_nearest", field, { ...told, suggestion });
  if (choices.length > namedChoices) return error("not_in_long_list", field, told);
  const names = choices.map((choice) => choice.label).join(t("list_separator"));
  return error("not_in_list", field, { ...told, choices: names });
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
  return error("must_be_date", field, { value: quoted(field, value) });
}

function checkYearMonth(field, value) {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(String(value))) return null;
  return error("must_be_yearmonth", field, { value: quoted(field, value) });
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
    return field.required ? error("required", field) : null;
  }
  return checkByType[field.type]?.(field, value) ?? null;
}
