/**
 * Administration pages of the framework still call Bootstrap 3's jQuery plug-ins. This gives them
 * those names on top of Bootstrap 5; without it the first call stops every other script.
 */

const pluginNames = { modal: "Modal", collapse: "Collapse", dropdown: "Dropdown", tab: "Tab" };

/**
 * Define the plug-ins when jQuery is on the page.
 * @param {Object<string, function>} components Bootstrap classes by name
 */
export function bridgeLegacyPlugins(components) {
  const jquery = window.jQuery;
  if (!jquery || jquery.fn.isBridged) return;
  for (const [plugin, name] of Object.entries(pluginNames)) {
    jquery.fn[plugin] = function runOnEach(action) {
      return this.each(function run() {
        const component = components[name]?.getOrCreateInstance(this);
        if (component && typeof action === "string") component[action]?.();
      });
    };
  }
  // Native titles serve as tooltips.
  jquery.fn.tooltip = function keepTitle() {
    return this;
  };
  jquery.fn.datetimepicker ??= jquery.fn.datepicker;
  jquery.fn.isBridged = true;
}
