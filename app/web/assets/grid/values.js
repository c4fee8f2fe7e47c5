/**
 * Values of cells: how they are shown, and how typed or pasted text becomes a value.
 * The server checks everything again; this only spares people a round trip.
 *
 * A value is null, text, a number (integers), a boolean, decimal text, or an ISO date. Text that
 * cannot be converted stays what was typed, so that nothing typed is lost.
 */

import { t } from "../common/messages.js";

const fullWidthOffset = 0xfee0;

/** Half-width digits, letters and signs from their full-width twins; ideographic spaces too. */
export function narrow(text) {
  return text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - fullWidthOffset))
    .replace(/\u3000/g, " ");
}

const wordsOf = (key) => t(key).split(/[,、]\s*/);

/** Whether a text only says that there is nothing, as the server reads it (app/rules/reading.py). */
function saysNothing(text) {
  const word = narrow(text).trim().toLowerCase();
  return ["-", "/", "n/a"].includes(word) || wordsOf("words_for_nothing").includes(word);
}

/**
 * Whether a value is not what was typed: spaces, units, full-width signs, another way of writing a
 * date. A reference shows a name beside its key, so of it only full-width signs count.
 */
export function isTidied(field, typed, value) {
  if (typed.trim() === "") return false;
  if (field.type !== "reference") return String(value ?? "") !== typed;
  return narrow(typed) !== typed && !isEmpty(value) && String(value) !== typed.trim();
}

/** True for everything that counts as nothing entered. */
export function isEmpty(value) {
  return value === null || value === undefined || value === "";
}

/** True when two values mean the same for this field ("3.0" and "3" are one number). */
export function isSameValue(field, left, right) {
  if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  if (String(left) === String(right)) return true;
  if (field.type !== "number" && field.type !== "integer") return false;
  return isDecimalText(left) && isDecimalText(right) && trimDecimal(left) === trimDecimal(right);
}

/** True when the text is a plain decimal number. */
export function isDecimalText(value) {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(String(value));
}

// Compared as text: binary fractions would make two different long decimals equal.
function trimDecimal(value) {
  const [, sign, whole, fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(String(value));
  const digits = `${whole.replace(/^0+/, "") || "0"}.${fraction.replace(/0+$/, "")}`;
  return sign === "-" && digits !== "0." ? `-${digits}` : digits;
}

/** The items a field offers, `{code, label}`; booleans offer yes and no. Empty when it is open. */
export function choicesOf(field) {
  if (field.type === "boolean") {
    return [
      { code: true, label: t("yes") },
      { code: false, label: t("no") },
    ];
  }
  return field.codes ?? [];
}

function parseChoice(field, text) {
  const typed = narrow(text).trim().toLowerCase();
  const choices = choicesOf(field);
  const found =
    choices.find((choice) => narrow(choice.label).toLowerCase() === typed) ??
    choices.find((choice) => String(choice.code).toLowerCase() === typed);
  if (found) return found.code;
  if (field.type === "boolean") {
    const [positive, negative] = wordsOf("words_for_truth");
    if (["1", "y", "yes", "true", "√", "✓", positive].includes(typed)) return true;
    if (["0", "n", "no", "false", "×", "✗", negative].includes(typed)) return false;
  }
  return saysNothing(text) ? null : text;
}

// What stands around numbers in spreadsheets: currency, the field's own unit, brackets for "minus".
function bareNumber(field, text) {
  let plain = narrow(text)
    .replace(/[,\s_￥¥$']/g, "")
    .replace(/^[−–—]/, "-");
  const unit = narrow(field.unit ?? "").trim();
  if (unit && plain.endsWith(unit)) plain = plain.slice(0, -unit.length);
  const bracketed = /^\((\d[\d.]*)\)$/.exec(plain);
  return bracketed ? `-${bracketed[1]}` : plain;
}

function parseNumber(field, text) {
  const plain = bareNumber(field, text);
  if (!isDecimalText(plain)) return text;
  if (field.type !== "integer") return plain.replace(/^\+/, "");
  const [whole, fraction = ""] = plain.split(".");
  if (/[1-9]/.test(fraction)) return text;
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

function pad(number) {
  return String(number).padStart(2, "0");
}

/** True when year, month and day name a day that exists. */
export function isRealDate(year, month, day) {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
}

function parseDate(text) {
  const plain = narrow(text).trim();
  const separated = /^(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?(\s+0?0:00(:00)?)?$/.exec(plain);
  const parts = separated ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  if (!parts) return text;
  const [year, month, day] = parts.slice(1, 4).map(Number);
  return isRealDate(year, month, day) ? `${parts[1]}-${pad(month)}-${pad(day)}` : text;
}

function parseYearMonth(text) {
  const plain = narrow(text).trim();
  const parts =
    /^(\d{4})\D{1,2}(\d{1,2})(\D{1,2}(\d{1,2}\D?)?)?$/.exec(plain) ??
    /^(\d{4})(\d{2})(\d{2})?$/.exec(plain);
  if (!parts) return text;
  const month = Number(parts[2]);
  return month >= 1 && month <= 12 ? `${parts[1]}-${pad(month)}` : text;
}

// In these a word can stand for nothing only; in texts the server decides.
const placeless = new Set(["integer", "number", "date", "yearmonth"]);

/**
 * The value meant by typed or pasted text.
 * @param {object} field from the table's spec
 * @param {string} text
 * @returns {string|number|boolean|null} the text itself when it fits the type in no way
 */
export function parseText(field, text) {
  if (text.trim() === "") return null;
  const trimmed = text.trim();
  if (placeless.has(field.type) && saysNothing(text)) return null;
  switch (field.type) {
    case "integer":
    case "number":
      return parseNumber(field, trimmed);
    case "boolean":
    case "code":
      return parseChoice(field, trimmed);
    case "date":
      return parseDate(trimmed);
    case "yearmonth":
      return parseYearMonth(trimmed);
    case "string":
      return trimmed.replace(/\s*[\r\n]+\s*/g, " ");
    default:
      return trimmed;
  }
}

// Day 1 of spreadsheets, as far as days after February 1900 go; from 1927 to 2119.
const firstDay = Date.UTC(1899, 11, 30);
const serialDay = /^[1-7]\d{4}(\.\d+)?$/;

function dayOfSerial(text) {
  const day = new Date(firstDay + Math.floor(Number(text)) * 86_400_000);
  return day.toISOString().slice(0, 10);
}

/**
 * The value meant by text that comes from a spreadsheet: as typed text, and dates may be the number
 * of a day. Nobody types those, so they are read in pasted text only.
 */
export function parsePasted(field, text) {
  const plain = narrow(text).trim();
  if (serialDay.test(plain)) {
    if (field.type === "date") return dayOfSerial(plain);
    if (field.type === "yearmonth") return dayOfSerial(plain).slice(0, 7);
  }
  return parseText(field, text);
}

/**
 * What people see for a value.
 * @param {object} field
 * @param {*} value
 * @param {string} [label] label of a reference, when the server or the picker told it
 * @returns {string}
 */
export function formatValue(field, value, label) {
  if (isEmpty(value)) return "";
  if (field.type === "code" || field.type === "boolean") {
    const choice = choicesOf(field).find((item) => String(item.code) === String(value));
    return choice ? choice.label : String(value);
  }
  if (field.type === "binary") return t("bytes", { count: value });
  return label ? `${value} ${label}` : String(value);
}
