/**
 * Forms of one row: character counts, what is wrong with what is typed, a warning before leaving with
 * changes, the focus on the list of errors. Everything works without it. Load it with `defer` after the shell.
 */

import { showSections } from "./beside/form_sections.js";
import { TypedFaults } from "./beside/typed_fault.js";
import { make } from "./common/dom.js";
import { t } from "./common/messages.js";

function showCount(field, note) {
  const maximum = Number(field.dataset.maxLength);
  const length = Array.from(field.value).length;
  note.textContent = t("character_count", { length, maximum });
  note.classList.toggle("is-over", length > maximum);
}

/** Count characters as people do; the browser's own limit would cut off pasted text silently. */
function countCharacters(form) {
  for (const field of form.querySelectorAll("[data-max-length]")) {
    const note = make("small", { class: "character-count", "aria-hidden": "true" });
    field.after(note);
    field.addEventListener("input", () => showCount(field, note));
    showCount(field, note);
  }
}

function warnBeforeLeaving(form) {
  let isChanged = false;
  form.addEventListener("input", () => {
    isChanged = true;
  });
  form.addEventListener("submit", () => {
    isChanged = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}

/** Beside a reference stands what its key is called, as far as a search has told it. */
function nameReferences(form) {
  for (const output of form.querySelectorAll("[data-called-of]")) {
    const field = document.getElementById(output.dataset.calledOf);
    if (!field?.list) continue;
    const show = () => {
      const options = [...field.list.options];
      output.textContent = options.find(({ value }) => value === field.value)?.label ?? "";
    };
    field.addEventListener("input", show);
    // What is found comes a moment after the typing.
    new MutationObserver(show).observe(field.list, { childList: true });
  }
}

/** A field that was corrected should not go on looking wrong. */
function clearMarks(form) {
  form.addEventListener("input", (event) => event.target.classList.remove("is-invalid"));
}

for (const form of document.querySelectorAll("form[data-row-form]")) {
  countCharacters(form);
  warnBeforeLeaving(form);
  clearMarks(form);
  nameReferences(form);
  if (form.dataset.specUrl) new TypedFaults(form);
}
document.querySelector("[data-error-summary]")?.focus();
const beside = document.getElementById("beside");
if (beside) showSections(beside);
