/**
 * Telling that somebody else was faster: who, when, and which values stand against each other.
 */

import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { formatValue } from "./values.js";

/** A moment as people say it: the time, and the day unless it is today. */
export function momentText(text, now = new Date()) {
  const at = new Date(text);
  const pad = (number) => String(number).padStart(2, "0");
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${time}`;
}

/** That a row was changed meanwhile, by whom and when if the server told it. */
export function changedText(changed) {
  if (!changed) return t("conflict_row");
  return t("conflict_row_by", { person: changed.by, time: momentText(changed.at) });
}

/**
 * The values of every contested cell.
 * @param {object} row with a conflict
 * @param {object[]} fields
 * @param {object} picker knows what people call references
 */
export function makeConflictLines({ conflict }, fields, picker) {
  const shown = (field, value) => formatValue(field, value, picker.labelOf(field, value)) || t("nothing");
  return fields
    .filter(({ code }) => code in conflict.fields)
    .map((field) => {
      const { mine, theirs } = conflict.fields[field.code];
      return make("li", {
        text: t("conflict_line", {
          field: field.label,
          mine: shown(field, mine),
          theirs: shown(field, theirs),
        }),
      });
    });
}
