/**
 * Typed forms survive a lost session: fields of `form[data-keep="name"]` are kept in this tab's
 * storage while typing and put back after the login. A page that came back from a successful save
 * says so with `data-kept-done="name"` on any element, which forgets the draft.
 */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";

const prefix = "statedata.form.";

function storageKey(form) {
  return `${prefix}${form.dataset.keep}`;
}

function isKept(field) {
  const neverKept = ["password", "hidden", "file", "submit", "button"];
  return field.name && !neverKept.includes(field.type) && !("neverKeep" in field.dataset);
}

/** The typed values of a form as name → list of values (several for check boxes). */
export function readFields(form) {
  const values = {};
  for (const field of form.elements) {
    if (!isKept(field)) continue;
    const isChoice = field.type === "checkbox" || field.type === "radio";
    values[field.name] ??= [];
    if (field.tagName === "SELECT") {
      values[field.name].push(...Array.from(field.selectedOptions, (option) => option.value));
    } else if (!isChoice || field.checked) {
      values[field.name].push(field.value);
    }
  }
  return values;
}

/** Put kept values back into a form. */
export function writeFields(form, values) {
  for (const field of form.elements) {
    if (!isKept(field) || !(field.name in values)) continue;
    const kept = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = kept.includes(field.value);
    } else if (field.tagName === "SELECT") {
      for (const option of field.options) option.selected = kept.includes(option.value);
    } else {
      field.value = kept[0] ?? "";
    }
  }
}

function unfold(form) {
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
}

function offerDraft(form) {
  const stored = window.sessionStorage.getItem(storageKey(form));
  if (!stored) return;
  // Going back, a browser may have filled the fields already; it never opens what they lie in.
  unfold(form);
  if (stored === JSON.stringify(readFields(form))) return;
  writeFields(form, JSON.parse(stored));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  notify(t("form_restored"), {
    seconds: 20,
    actions: [
      {
        label: t("discard"),
        run: () => {
          window.sessionStorage.removeItem(storageKey(form));
          form.reset();
        },
      },
    ],
  });
}

/** Keep and give back the forms of the page. */
export function keepForms() {
  try {
    for (const done of document.querySelectorAll("[data-kept-done]")) {
      window.sessionStorage.removeItem(`${prefix}${done.dataset.keptDone}`);
    }
    document.querySelectorAll("form[data-keep]").forEach(offerDraft);
  } catch {
    return; // No storage in this browser: nothing is kept, everything else works.
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-keep]");
    if (form) window.sessionStorage.setItem(storageKey(form), JSON.stringify(readFields(form)));
  });
}
