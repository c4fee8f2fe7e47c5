/**
 * Views under a name: the list in the toolbar, and keeping, changing and deleting them.
 */

import { askToConfirm, notify, openDialog } from "../common/dialog.js";
import { fill, icon, make } from "../common/dom.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";

const longestName = 60;
const rowParts = ["filter", "sort", "q"];
const columnParts = ["columns", "frozen"];

/** The views of one table that somebody finds. */
export class SavedViews {
  /**
   * @param {object} options
   * @param {function(string): string} options.address of the views, of one by its path behind them
   * @param {string} options.defaultAddress
   * @param {function(): object} options.present what is shown now, as the content of a view
   * @param {function(object|null): Promise<string|null>} options.show shows a view, null for the
   *   table as it is; answers why it could not
   * @param {function(): void} options.onKept called when another view is the current one
   */
  constructor({ address, defaultAddress, present, show, onKept }) {
    this.address = address;
    this.defaultAddress = defaultAddress;
    this.present = present;
    this.show = show;
    this.onKept = onKept;
    this.views = [];
    this.departments = [];
    this.whyNotEveryone = null;
    this.roles = [];
    this.current = null;
  }

  /** Fetch the list; a grid without it is better than none, so a failure only empties it. */
  async load() {
    const found = await requestJson(this.address("")).catch(() => null);
    this.views = found?.views ?? [];
    this.departments = found?.departments ?? [];
    this.whyNotEveryone = found?.why_not_everyone ?? null;
    this.roles = found?.roles ?? [];
    this.current = this.views.find(({ id }) => id === this.current?.id) ?? null;
  }

  /** The view of an id, as text or number. */
  find(id) {
    return this.views.find((view) => String(view.id) === String(id)) ?? null;
  }

  get default() {
    return this.views.find((view) => view.default) ?? null;
  }

  /** Whether what is shown is no longer what the chosen view keeps. */
  get isChanged() {
    if (!this.current) return false;
    const { content } = this.current;
    const present = this.present();
    const names = content.columns.length > 0 ? [...rowParts, ...columnParts] : rowParts;
    return names.some((name) => JSON.stringify(content[name]) !== JSON.stringify(present[name]));
  }

  /** Draw name and list. */
  draw() {
    const button = document.querySelector("[data-views-button]");
    const menu = document.querySelector("[data-views-menu]");
    if (!button || !menu) return;
    const name = this.current?.name ?? t("views_title");
    const label = this.isChanged ? t("views_changed", { name }) : name;
    button.querySelector("[data-views-name]").textContent = label;
    fill(
      menu,
      this.#item(t("views_none"), !this.current, () => this.#choose(null)),
      ...this.#group("views_own", this.views.filter(({ own }) => own)),
      ...this.#group("views_shared", this.views.filter(({ own }) => !own)),
      make("div", { class: "dropdown-divider" }),
      ...this.#deeds(),
    );
  }

  #group(title, views) {
    if (views.length === 0) return [];
    const items = views.map((view) =>
      this.#item(this.#label(view), this.current === view, () => this.#choose(view)),
    );
    return [make("div", { class: "dropdown-header", text: t(title) }), ...items];
  }

  #label({ name, audience, department_name: department, default: isDefault }) {
    const remarks = [];
    if (audience === "department") remarks.push(department ?? t("audience_department"));
    if (audience === "everyone") remarks.push(t("audience_everyone"));
    if (isDefault) remarks.push(t("views_is_default"));
    return remarks.length > 0 ? t("views_label", { name, remarks: remarks.join(t("list_separator")) }) : name;
  }

  #item(text, isCurrent, run) {
    const mark = icon("check");
    if (!isCurrent) mark.classList.add("invisible");
    const attributes = { type: "button", class: "dropdown-item", onclick: run };
    return make("button", { ...attributes, "aria-current": isCurrent ? "true" : null }, [mark, text]);
  }

  #deeds() {
    const { current } = this;
    const deed = (key, name, run, why = null) =>
      make(
        "button",
        {
          type: "button",
          class: `dropdown-item${why ? " disabled" : ""}`,
          "aria-disabled": why ? "true" : null,
          title: why,
          onclick: why ? () => notify(why) : run,
        },
        [icon(name), t(key)],
      );
    const keepAs = deed("views_keep_as", "plus", () => this.#ask(null));
    if (!current) return [keepAs, ...this.#defaultDeed()];
    const why = current.why_not_change;
    return [
      deed("views_keep", "device-floppy", () => this.#keep(current, { ...current, content: this.present() }), why),
      keepAs,
      deed("views_rename", "pencil", () => this.#ask(current), why),
      deed("views_delete", "trash", () => this.#delete(current), why),
      ...this.#defaultDeed(),
      ...(current.why_not_open_with ? [] : [deed("views_open_for", "users", () => this.#askWhose(current))]),
    ];
  }

  #defaultDeed() {
    const { current } = this;
    if (current ? current.default : !this.default) return [];
    const attributes = { type: "button", class: "dropdown-item", onclick: () => this.#setDefault(current) };
    return [make("button", attributes, [icon("bookmark"), t("views_set_default")])];
  }

  async #choose(view) {
    const reason = await this.show(view);
    if (reason !== null) {
      notify(reason);
      return;
    }
    this.current = view;
    if (view?.notes.length > 0) notify(view.notes.join(t("clause_separator")), { seconds: 15 });
    this.draw();
  }

  // Name and audience; what is shown now becomes the content of a new view.
  #ask(view) {
    const name = make("input", {
      class: "form-control",
      id: "view-name",
      maxlength: longestName,
      value: view?.name ?? "",
      required: true,
    });
    const { chosen, choices } = this.#audiences(view);
    const reason = make("p", { class: "panel-reason", role: "alert", hidden: true });
    const save = make("button", { type: "button", class: "btn btn-primary", text: t("views_save") });
    const cancel = make("button", { type: "submit", class: "btn", value: "no", formnovalidate: true, text: t("cancel") });
    const content = [
      reason,
      make("label", { class: "form-label", for: "view-name", text: t("views_name") }),
      name,
      make("fieldset", { class: "view-audiences" }, [make("legend", { text: t("views_for") }), ...choices]),
    ];
    const dialog = openDialog(t(view ? "views_rename" : "views_keep_as"), content, [cancel, save]);
    const submit = async () => {
      const draft = { name: name.value.trim(), ...chosen(), content: view?.content ?? this.present() };
      const refusal = draft.name === "" ? t("views_name_missing") : await this.#keep(view, draft);
      reason.hidden = refusal === null;
      reason.textContent = refusal ?? "";
      if (refusal === null) dialog.close();
    };
    save.addEventListener("click", submit);
    name.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    name.focus();
  }

  #audiences(view) {
    const options = [
      { value: "private", label: t("audience_private") },
      ...this.departments.map(({ code, name }) => ({
        value: `department:${code}`,
        label: t("views_for_department", { name }),
      })),
      { value: "everyone", label: t("audience_everyone"), why: this.whyNotEveryone },
    ].filter(({ why }) => !why);
    const present = view ? [view.audience, view.department].filter(Boolean).join(":") : "private";
    const choices = options.map(({ value, label }) => {
      const attributes = { type: "radio", name: "audience", value, class: "form-check-input" };
      const box = make("input", { ...attributes, checked: value === present });
      return make("label", { class: "form-check" }, [box, ` ${label}`]);
    });
    const chosen = () => {
      const box = choices.map((label) => label.querySelector("input")).find(({ checked }) => checked);
      const [audience, department = null] = (box?.value ?? present).split(":");
      return { audience, department };
    };
    return { chosen, choices };
  }

  /** Keep a view, a new one where `view` is null; answers why it could not be. */
  async #keep(view, { name, audience, department, content }) {
    const body = { name, audience, department, content };
    const [path, method] = view ? [`/${view.id}`, "PUT"] : ["", "POST"];
    if (view) body.version = view.version;
    try {
      const kept = await requestJson(this.address(path), { method, body });
      this.current = kept;
      await this.load();
      this.draw();
      this.onKept();
      notify(t("views_kept", { name: kept.name }));
      return null;
    } catch (problem) {
      if (view && content !== view.content) notify(problem.message);
      return problem.message;
    }
  }

  async #delete(view) {
    const question = { text: t("views_delete_question", { name: view.name }), confirmLabel: t("views_delete") };
    if (!(await askToConfirm({ ...question, isDangerous: true }))) return;
    await this.#do(() => requestJson(this.address(`/${view.id}`), { method: "DELETE" }));
  }

  async #setDefault(view) {
    const body = { view: view?.id ?? null };
    const isDone = await this.#do(() => requestJson(this.defaultAddress, { method: "PUT", body }));
    if (isDone) notify(t("views_default_set", { name: view?.name ?? t("views_none") }));
  }

  // Each box is kept at once: what is chosen for one role says nothing about another.
  #askWhose(view) {
    const everybody = { name: "", title: t("views_open_for_everybody") };
    const boxes = [everybody, ...this.roles].map(({ name, title }) => {
      const choose = async ({ target }) => {
        const body = { role: name, chosen: target.checked };
        const address = this.address(`/${view.id}/default`);
        const isDone = await this.#do(() => requestJson(address, { method: "PUT", body }));
        if (!isDone) target.checked = !target.checked;
      };
      const attributes = { type: "checkbox", class: "form-check-input", onchange: choose };
      const box = make("input", { ...attributes, checked: view.opens_for.includes(name) });
      return make("label", { class: "form-check" }, [box, ` ${title}`]);
    });
    const hint = make("p", { class: "text-secondary", text: t("views_open_for_hint") });
    const close = make("button", { type: "submit", class: "btn", value: "no", text: t("close") });
    openDialog(t("views_open_for"), [hint, ...boxes], [close]);
  }

  async #do(send) {
    try {
      await send();
    } catch (problem) {
      notify(problem.message);
      return false;
    }
    await this.load();
    this.draw();
    this.onKept();
    return true;
  }
}
