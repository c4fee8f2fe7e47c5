/**
 * Tabs: one list of buttons, one panel at a time; arrow keys go from tab to tab.
 */

import { make } from "../common/dom.js";

/**
 * @param {string} label of the list
 * @param {{name: string, look: string, parts: Array<Node|string>, makePanel: function(): HTMLElement}[]} tabs
 * @param {string} chosen the name of the tab to begin with
 * @returns {HTMLElement}
 */
export function makeTabs(label, tabs, chosen) {
  const panel = make("div", { role: "tabpanel", class: "import-panel", tabindex: "0", id: "import-panel" });
  const buttons = tabs.map(({ name, look, parts }) =>
    make(
      "button",
      { type: "button", role: "tab", class: `import-figure ${look}`, id: `import-tab-${name}`, "aria-controls": "import-panel" },
      parts,
    ),
  );
  const show = (place) => {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === place));
      button.tabIndex = index === place ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", buttons[place].id);
    panel.replaceChildren(tabs[place].makePanel());
  };
  buttons.forEach((button, place) => {
    button.addEventListener("click", () => show(place));
    button.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step) return;
      const next = (place + step + tabs.length) % tabs.length;
      show(next);
      buttons[next].focus();
    });
  });
  show(Math.max(tabs.findIndex(({ name }) => name === chosen), 0));
  return make("div", {}, [
    make("div", { role: "tablist", class: "import-figures", "aria-label": label }, buttons),
    panel,
  ]);
}
