/**
 * The rule by which a role opens rows, put together as filters are. Without it the page has plain
 * lines for conditions, which it takes the place of. Load it with `defer` after the shell.
 */

import { t } from "./common/messages.js";
import { FilterPanel } from "./grid/filter_panel.js";
import { writeTree } from "./grid/filter_tree.js";

const noPicker = { find: async () => [] };

function mount(element) {
  const form = element.closest("form");
  const tree = form.elements.tree;
  const fields = JSON.parse(element.dataset.fields);
  const send = () => {
    form.requestSubmit();
    return t("saving");
  };
  const panel = new FilterPanel({ element, fields, picker: noPicker, onApply: send });
  panel.take(JSON.parse(element.dataset.tree));
  element.hidden = false;
  panel.draw();
  const lines = form.querySelector("[data-rule-lines]");
  lines.hidden = true;
  lines.disabled = true;
  tree.disabled = false;

  // Before the shell locks the form: what is still missing keeps the page.
  const check = (event) => {
    if (event.target !== form) return;
    const { tree: written, problems } = writeTree(panel.group, panel.fields);
    tree.value = JSON.stringify(written);
    if (form.elements.rows.value !== "rule" || problems.length === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    panel.reason = problems.map(({ key, parameters }) => t(key, parameters)).join(" ");
    panel.draw();
  };
  window.addEventListener("submit", check, true);
}

for (const element of document.querySelectorAll("[data-rule-builder]")) mount(element);
