/**
 * Finding a plain text in cells and putting another in its place, as the server does it; never a
 * pattern language.
 */

import { formatValue, isEmpty, narrow } from "./values.js";

function folded(text, { match_case: matchCase, match_width: matchWidth }) {
  const plain = matchWidth ? text : narrow(text);
  if (matchCase) return plain;
  // One sign for one, so that places stay the same.
  return Array.from(plain, (sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join("");
}

function* places(text, wanted, how) {
  const within = folded(text, how);
  const looked = folded(wanted, how);
  if (looked === "") return;
  if (how.whole) {
    if (within === looked) yield 0;
    return;
  }
  let place = within.indexOf(looked);
  while (place >= 0) {
    yield place;
    place = within.indexOf(looked, place + looked.length);
  }
}

/** Whether the text holds what is looked for. */
export function isFoundIn(text, wanted, how) {
  return !places(text, wanted, how).next().done;
}

/** The text with the replacement wherever it holds what is looked for. */
export function replacedIn(text, wanted, replacement, how) {
  let end = 0;
  let result = "";
  for (const place of places(text, wanted, how)) {
    result += text.slice(end, place) + replacement;
    end = place + wanted.length;
  }
  return result + text.slice(end);
}

/** What is looked into: what people read in the cell; null in cells without a text of their own. */
export function searchedText(field, value) {
  if (isEmpty(value) || field.type === "boolean" || field.type === "binary") return null;
  return formatValue(field, value);
}

/** Cells of loaded rows that hold the text, in reading order: [{row, position, cell, field}]. */
export function findInLoaded(sheet, fields, wanted, how) {
  const found = [];
  sheet.store.rows.forEach((row, position) => {
    if (!row) return;
    for (const field of fields) {
      const text = searchedText(field, row.values[field.code]);
      if (text !== null && isFoundIn(text, wanted, how)) {
        found.push({ id: row.id, position, code: field.code });
      }
    }
  });
  return found;
}
