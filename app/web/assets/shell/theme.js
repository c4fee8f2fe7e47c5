/**
 * Light and dark. The choice stays in this browser; light is the default because offices and
 * projectors are bright.
 */

const storageKey = "statedata.theme";

function storedTheme() {
  try {
    return window.localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function applyTheme(theme) {
  document.documentElement.setAttribute("data-bs-theme", theme);
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.setAttribute("aria-pressed", String(theme === "dark"));
  }
}

/** Show the theme that was chosen last in this browser. */
export function applyStoredTheme() {
  applyTheme(storedTheme() === "dark" ? "dark" : "light");
}

/** Listen to `[data-theme-toggle]` buttons. */
export function listenToThemeToggle() {
  applyStoredTheme();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const isDark = document.documentElement.getAttribute("data-bs-theme") === "dark";
    const next = isDark ? "light" : "dark";
    applyTheme(next);
    try {
      window.localStorage.setItem(storageKey, next);
    } catch {
      // Storage may be forbidden; the choice then lasts for this page only.
    }
  });
}
