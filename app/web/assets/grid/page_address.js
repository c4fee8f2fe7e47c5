/**
 * What is shown stands in the page's own address, so that it can be passed on and survives
 * loading the page again.
 */

import { make } from "../common/dom.js";

const names = ["q", "sort", "filter", "saved", "waiting"];
// A link to one cell asks for the rows as they are stored, whatever view one usually sees.
const cellNames = ["row", "field"];

function parseFilter(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * What an address asks for.
 * @param {string} search the part of the address after the question mark
 * @returns {{q: string, sort: string, filter: object|null, saved: string|null, waiting: boolean, isEmpty: boolean}}
 */
export function readAddress(search) {
  const parameters = new URLSearchParams(search);
  return {
    q: parameters.get("q") ?? "",
    sort: parameters.get("sort") ?? "",
    filter: parseFilter(parameters.get("filter")),
    saved: parameters.get("saved"),
    waiting: parameters.get("waiting") === "1",
    isEmpty: [...names, ...cellNames].every((name) => !parameters.get(name)),
  };
}

function textsOf({ q, sort, filter, saved, waiting }) {
  return { q, sort, filter: filter ? JSON.stringify(filter) : "", saved, waiting: waiting ? "1" : "" };
}

/** The same address asking for something else; a cell it led to has been reached. */
export function writeAddress(address, shown) {
  const url = new URL(address);
  for (const name of cellNames) url.searchParams.delete(name);
  const texts = textsOf(shown);
  for (const name of names) {
    if (texts[name]) url.searchParams.set(name, texts[name]);
    else url.searchParams.delete(name);
  }
  return url.href;
}

/** Let the form that leads to another period or department ask for the same there. */
export function carryAlong(form, shown) {
  if (!form) return;
  const texts = textsOf(shown);
  for (const name of names) {
    form.querySelector(`input[type="hidden"][name="${name}"]`)?.remove();
    if (texts[name]) form.append(make("input", { type: "hidden", name, value: texts[name] }));
  }
}

/** Let links to files ask for the rows that are shown; `query` is what the rows are asked with. */
export function followRows(links, query) {
  for (const link of links) {
    const url = new URL(link.href);
    for (const name of ["q", "sort", "filter"]) {
      if (query[name]) url.searchParams.set(name, query[name]);
      else url.searchParams.delete(name);
    }
    link.href = url.href;
  }
}
