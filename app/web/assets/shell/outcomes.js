/**
 * Forms that stay as they are, file and all, while what came of them is shown in the page
 * (`hx-post` with `hx-select`). A refusal is shown there too; an error page takes the page's place.
 */

const firstError = 400;

function onAnswer(event) {
  const { requestConfig, xhr, target } = event.detail;
  if (!requestConfig?.elt.matches("form[hx-post]") || xhr.status < firstError) return;
  const told = new DOMParser().parseFromString(xhr.responseText, "text/html");
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  if (target.id && told.getElementById(target.id)) return;
  event.detail.target = document.body;
  event.detail.selectOverride = "body";
}

function onSwapped(event) {
  const { elt, requestConfig } = event.detail;
  if (requestConfig?.elt.matches("form[hx-post]")) elt.querySelector("[tabindex='-1']")?.focus();
}

/** Start showing what comes of forms that stay. */
export function showOutcomes() {
  document.addEventListener("htmx:beforeSwap", onAnswer);
  document.addEventListener("htmx:afterSettle", onSwapped);
}
