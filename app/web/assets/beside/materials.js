/**
 * Supporting materials of a row or a cell: photographs, taken at once or chosen, and documents.
 */

import { icon, make } from "../common/dom.js";
import { askToConfirm, notify } from "../common/dialog.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { momentText } from "./history.js";

const accepted = "image/jpeg,image/png,image/webp,application/pdf";
// An iPhone gives a JPEG where nothing else is taken; "image/*" would get its own format.
const taken = "image/jpeg";
const kilo = 1024;

/** A size as people read it. */
export function sizeText(bytes) {
  if (bytes < kilo * kilo) return `${Math.max(1, Math.round(bytes / kilo))} KB`;
  return `${Number((bytes / kilo / kilo).toFixed(1))} MB`;
}

/** Whether the file is a photograph in Apple's own format, which only Apple's programs open. */
export function isApplePicture({ type = "", name = "" }) {
  return /^image\/hei[cf]/i.test(type) || /\.hei[cf]$/i.test(name);
}

/** How many materials each field has; the empty code stands for the row itself. */
export function countByField(materials) {
  const counts = {};
  for (const { field } of materials) counts[field ?? ""] = (counts[field ?? ""] ?? 0) + 1;
  return counts;
}

/** Whether the cell asks for a material and has none. */
export function lacksMaterial(field, value, count) {
  const isClaimed = value !== null && value !== undefined && value !== "" && value !== false;
  return Boolean(field?.material) && isClaimed && !count;
}

function labelOf(about, code) {
  if (!code) return t("comment_on_row");
  return about.fields.find((field) => field.code === code)?.label ?? code;
}

function makeMaterial(about, material, mayChange, onRemove) {
  const picture = material.thumbnail
    ? make("img", { src: material.thumbnail, alt: "", loading: "lazy", width: 64, height: 64 })
    : make("span", { class: "material-document" }, [icon("file-text")]);
  const remove = {
    type: "button",
    class: "btn btn-icon btn-sm",
    title: t("material_remove"),
    "aria-label": t("material_remove_named", { name: material.name }),
    onclick: () => onRemove(material),
  };
  const link = { href: material.url, target: "_blank", rel: "noopener", text: material.name };
  return make("li", { class: "material" }, [
    picture,
    make("div", { class: "material-text" }, [
      make("a", link),
      make("div", {
        class: "text-secondary",
        text: `${labelOf(about, material.field)} · ${sizeText(material.size)}`,
      }),
      make("div", { class: "text-secondary", text: `${material.by} ${momentText(material.at)}` }),
    ]),
    mayChange ? make("button", remove, [icon("trash")]) : null,
  ]);
}

async function send(about, files, code, data, section, address) {
  for (const file of files) {
    if (file.size > data.largest) {
      notify(t("material_too_large", { name: file.name, size: sizeText(data.largest) }), { seconds: 15 });
      continue;
    }
    if (isApplePicture(file)) {
      notify(t("material_apple", { name: file.name }), { seconds: 60 });
      continue;
    }
    const form = new FormData();
    form.append("file", file);
    if (code) form.append("field", code);
    try {
      await requestJson(address, { method: "POST", form });
    } catch (problem) {
      if (!problem.kind) throw problem;
      notify(t("material_refused", { name: file.name, reason: problem.message }), { seconds: 15 });
    }
  }
  await section.refresh(about);
}

function makePlace(about) {
  const row = make("option", { value: "", text: t("comment_on_row") });
  const offered = about.field ? [about.field] : about.fields;
  const cells = offered
    .filter(({ masked }) => !masked)
    .map(({ code, label }) => make("option", { value: code, text: label }));
  const isOfCell = about.field && !about.field.masked;
  const options = isOfCell ? [...cells, row] : [row, ...cells];
  return make("select", { class: "form-select form-select-sm", "aria-label": t("material_belongs_to") }, options);
}

function makeAdding(about, data, section, address) {
  const place = makePlace(about);
  const status = make("p", { class: "text-secondary section-note", role: "status" });
  const makeInput = (key, name, attributes) => {
    const input = make("input", {
      type: "file",
      class: "visually-hidden",
      "data-material-input": name,
      ...attributes,
    });
    input.addEventListener("change", async () => {
      status.textContent = t("material_sending");
      const files = [...input.files];
      input.value = "";
      await send(about, files, place.value, data, section, address);
    });
    return make("label", { class: "btn btn-sm material-add" }, [icon(key), t(`material_${name}`), input]);
  };
  return make("div", { class: "material-adding" }, [
    place,
    make("div", { class: "material-buttons" }, [
      makeInput("camera", "take", { accept: taken, capture: "environment" }),
      makeInput("paperclip", "choose", { accept: accepted, multiple: true }),
    ]),
    status,
    make("p", {
      class: "text-secondary section-note",
      text: t("material_kinds", { size: sizeText(data.largest), count: data.most }),
    }),
  ]);
}

function makeWish(about, data) {
  const counts = countByField(data.materials);
  const { field } = about;
  const value = field ? about.row.values?.[field.code] : null;
  if (!field || !lacksMaterial(field, value, counts[field.code])) return null;
  const key = field.material === "required" ? "material_required" : "material_recommended";
  return make("p", { class: "cell-message is-warning" }, [
    icon("paperclip"),
    make("span", { text: t(key, { field: field.label }) }),
  ]);
}

/**
 * The section.
 * @param {string} rowsUrl address of the table's rows
 * @param {function(object, object): void} [onLoaded] told how many each field of a row has
 */
export function materialSection(rowsUrl, onLoaded = () => {}) {
  const addressOf = ({ row }) => `${rowsUrl}/${encodeURIComponent(row.id)}/materials`;
  return {
    name: "materials",
    title: "section_materials",
    applies: ({ row }) => Boolean(row?.version),
    sourceOf: ({ row }) => row.id,
    keyOf: ({ field, row }) => JSON.stringify([field?.code, field && row.values?.[field.code]]),
    async load(about, signal) {
      const data = await requestJson(addressOf(about), { signal });
      onLoaded(about.row, countByField(data.materials));
      return data;
    },
    count: ({ field }, data) =>
      data ? data.materials.filter((each) => !field || each.field === field.code).length : 0,
    make(about, data, section) {
      const mayChange = data.why_not_change === null;
      const remove = async (material) => {
        const text = t("material_remove_question", { name: material.name });
        const question = { text, confirmLabel: t("material_remove"), isDangerous: true };
        if (!(await askToConfirm(question))) return;
        try {
          await requestJson(material.url, { method: "DELETE" });
        } catch (problem) {
          if (!problem.kind) throw problem;
          notify(problem.message, { seconds: 15 });
        }
        await section.refresh(about);
      };
      const ofCell = ({ field }) => (about.field && field === about.field.code ? 0 : 1);
      const shown = [...data.materials].sort((left, right) => ofCell(left) - ofCell(right));
      const items = shown.map((each) => makeMaterial(about, each, mayChange, remove));
      return make("div", {}, [
        makeWish(about, data),
        items.length > 0
          ? make("ul", { class: "material-list" }, items)
          : make("p", { class: "text-secondary section-note", text: t("material_none") }),
        mayChange
          ? makeAdding(about, data, section, addressOf(about))
          : make("p", { class: "text-secondary section-note", text: data.why_not_change }),
      ]);
    },
  };
}
