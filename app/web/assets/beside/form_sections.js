/**
 * The sections under the form of one row: the same as beside the grid. What stood in a field before
 * is put into the form, and stored with the next saving.
 */

import { make } from "../common/dom.js";
import { commentSection } from "./comments.js";
import { hasUnsent } from "./finding_card.js";
import { historySection } from "./history.js";
import { materialSection } from "./materials.js";
import { findingSection } from "./row_findings.js";
import { Section } from "./section.js";

function inputsOf(code) {
  return [...document.querySelectorAll(`#row-form [name="field-${CSS.escape(code)}"]`)].filter(
    ({ type }) => type !== "hidden",
  );
}

function mayRestore(code) {
  const inputs = inputsOf(code);
  return inputs.length > 0 && inputs.every(({ disabled, readOnly }) => !disabled && !readOnly);
}

function restore(code, value, text) {
  const [first, ...others] = inputsOf(code);
  const stored = value === null ? "" : String(value);
  if (first.type === "radio") {
    const wanted = [first, ...others].find((input) => input.value === stored);
    if (wanted) wanted.checked = true;
  } else first.value = first.list && stored ? text : stored;
  first.dispatchEvent(new Event("input", { bubbles: true }));
  first.focus();
}

/** Fill the place for what belongs to a stored row. */
export function showSections(place) {
  const { rowsUrl, row, version, fields, findingsUrl, period, department } = place.dataset;
  const about = {
    row: { id: row, version, values: {} },
    field: null,
    fields: JSON.parse(fields),
    mayRestore,
    restore,
  };
  const records = [materialSection(rowsUrl), commentSection(rowsUrl), historySection(rowsUrl)];
  if (findingsUrl) {
    records.unshift(findingSection(place.dataset, { period, department }));
    window.addEventListener("beforeunload", (event) => {
      if (hasUnsent()) event.preventDefault();
    });
  }
  for (const record of records) {
    const section = new Section(record);
    const holder = make("div", { class: "beside-section" }, [section.element]);
    place.append(holder);
    section.show(about);
  }
}
