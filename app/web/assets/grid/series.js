/**
 * Continuing what a few cells begin: numbers, days, months and numbered texts go on, everything else
 * repeats.
 */

import { isDecimalText, isEmpty, isRealDate } from "./values.js";

const day = 86_400_000;

/**
 * The values that follow, `count` of them.
 * @param {object} field
 * @param {Array<*>} values what stands there, in the direction of the filling
 * @param {number} count
 * @param {{isToggled?: boolean}} [options] with Ctrl: copy what would go on, and the other way round
 */
export function continueSeries(field, values, count, { isToggled = false } = {}) {
  const rule = ruleOf(field, values, isToggled);
  return Array.from({ length: count }, (_, index) =>
    rule ? rule(index + 1) : (values[index % values.length] ?? null),
  );
}

function ruleOf(field, values, isToggled) {
  if (values.some(isEmpty)) return null;
  const make = makers[field.type];
  if (!make) return null;
  const isSingle = values.length === 1;
  // A single number is copied, as in spreadsheets; a single day or numbered text goes on.
  const goesOn = isSingle && isNumeric(field) ? isToggled : !isToggled;
  return goesOn ? make(values.map(String), field) : null;
}

function isNumeric({ type }) {
  return type === "integer" || type === "number";
}

// One step for all, or no series; a single value goes on by one.
function stepOf(numbers) {
  if (numbers.length === 1) return 1n;
  const step = numbers[1] - numbers[0];
  return numbers.every((number, index) => index === 0 || number - numbers[index - 1] === step) ? step : null;
}

// Counted in units of the last decimal: binary fractions would make 0.1 + 0.2 something else.
function numberRule(texts, field) {
  if (!texts.every(isDecimalText)) return null;
  const scale = Math.max(...texts.map((text) => text.split(".")[1]?.length ?? 0));
  const units = texts.map((text) => toUnits(text, scale));
  const step = units.length === 1 ? 10n ** BigInt(scale) : stepOf(units);
  if (step === null) return null;
  return (index) => {
    const text = fromUnits(units.at(-1) + step * BigInt(index), scale);
    return field.type === "integer" && Number.isSafeInteger(Number(text)) ? Number(text) : text;
  };
}

function toUnits(text, scale) {
  const [, sign, whole, fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text);
  return BigInt(`${sign === "-" ? "-" : ""}${whole || "0"}${fraction.padEnd(scale, "0")}`);
}

function fromUnits(units, scale) {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale > 0 ? `.${digits.slice(digits.length - scale)}` : "";
  return `${units < 0n ? "-" : ""}${whole}${fraction}`;
}

function dateRule(texts) {
  const parts = texts.map((text) => /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.slice(1).map(Number));
  if (!parts.every((part) => part && isRealDate(...part))) return null;
  const months = parts.map(([year, month]) => BigInt(year * 12 + month - 1));
  const isSameDay = parts.length > 1 && parts.every(([, , date]) => date === parts[0][2]);
  const monthStep = isSameDay ? stepOf(months) : null;
  // Months go on only where every one of them has such a day.
  if (monthStep !== null && monthStep !== 0n && parts[0][2] <= 28) {
    return (index) => `${monthText(months.at(-1) + monthStep * BigInt(index))}-${texts[0].slice(8)}`;
  }
  const days = parts.map(([year, month, date]) => BigInt(Date.UTC(year, month - 1, date) / day));
  const step = stepOf(days);
  if (step === null) return null;
  return (index) => new Date(Number(days.at(-1) + step * BigInt(index)) * day).toISOString().slice(0, 10);
}

function monthRule(texts) {
  const parts = texts.map((text) => /^(\d{4})-(\d{2})$/.exec(text));
  if (!parts.every(Boolean)) return null;
  const months = parts.map(([, year, month]) => BigInt(Number(year) * 12 + Number(month) - 1));
  const step = stepOf(months);
  return step === null ? null : (index) => monthText(months.at(-1) + step * BigInt(index));
}

function monthText(months) {
  const number = Number(months);
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;
}

// 编号001 goes on as 编号002; the zeros stay.
function textRule(texts) {
  const parts = texts.map((text) => /^(.*?)(\d+)(\D*)$/s.exec(text));
  if (!parts.every(Boolean)) return null;
  const [, head, , tail] = parts[0];
  if (!parts.every(([, before, , after]) => before === head && after === tail)) return null;
  const numbers = parts.map(([, , digits]) => BigInt(digits));
  const step = stepOf(numbers);
  if (step === null) return null;
  const width = parts.at(-1)[2].length;
  return (index) => {
    const number = numbers.at(-1) + step * BigInt(index);
    if (number < 0n) return texts[(index - 1) % texts.length];
    return `${head}${String(number).padStart(width, "0")}${tail}`;
  };
}

const makers = {
  integer: numberRule,
  number: numberRule,
  date: dateRule,
  yearmonth: monthRule,
  string: textRule,
};
