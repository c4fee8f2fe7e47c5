/**
 * The form that sends a table back: the items that were put on cells in the grid go along with it.
 * Load it with `defer` after the shell.
 */

import { CollectedItems } from "./common/collected_items.js";
import { fill, icon, make } from "./common/dom.js";
import { t } from "./common/messages.js";

function makeLine(item, onRemove) {
  const { row, field, reason } = item;
  return make("li", {}, [
    make("strong", { text: item.place }),
    ` ${reason} `,
    make("button", { type: "button", class: "btn btn-sm btn-icon", "aria-label": t("return_take_out"), title: t("return_take_out"), onclick: onRemove }, [icon("x")]),
    make("input", { type: "hidden", name: "item", value: JSON.stringify({ row, field, reason }) }),
  ]);
}

function show(place, collected) {
  const items = collected.all();
  place.hidden = items.length === 0;
  const lines = items.map((item) =>
    makeLine(item, () => {
      collected.remove(item);
      show(place, collected);
    }),
  );
  fill(place, make("p", { class: "form-label mb-1", text: t("return_collected", { count: items.length }) }), make("ul", { class: "collected-items" }, lines));
  // What is wrong stands in the items already.
  for (const field of place.closest("form").querySelectorAll("textarea[name=reason]")) field.required = items.length === 0 && "needed" in field.dataset;
}

for (const place of document.querySelectorAll("[data-collected-of]")) {
  show(place, new CollectedItems(place.dataset.collectedOf, place.dataset.version));
}

// A link from the grid leads to the step that it is about.
const step = window.location.hash.startsWith("#step-") ? document.getElementById(window.location.hash.slice(1)) : null;
if (step) {
  step.open = true;
  step.scrollIntoView();
}
