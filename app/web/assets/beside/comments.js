/**
 * Comments beside a row, a cell or a whole table: threads that several people write in. What was
 * begun and not sent stays while the reader looks at something else.
 */

import { fill, icon, make } from "../common/dom.js";
import { notify } from "../common/dialog.js";
import { requestJson } from "../common/http.js";
import { t } from "../common/messages.js";
import { momentText } from "./history.js";
import { watchLength } from "./text_length.js";

const drafts = new Map();

/** Threads of the cell first, then those of the row, then those of its other cells. */
export function inOrder(threads, code) {
  const rank = ({ field }) => (code && field === code ? 0 : field ? 2 : 1);
  const open = ({ resolved }) => (resolved ? 1 : 0);
  return [...threads].sort((left, right) => open(left) - open(right) || rank(left) - rank(right));
}

/** Open threads about a cell, or about all of the row where no cell is meant. */
export function countOpen(threads, code) {
  return threads.filter(({ field, resolved }) => !resolved && (!code || field === code)).length;
}

/** Send a deed about a place; ``after`` is told of it before what stands there is fetched anew. */
async function act(section, about, url, options, after) {
  try {
    await requestJson(url, options);
    after?.();
    await section.refresh(about);
  } catch (problem) {
    if (!problem.kind) throw problem;
    notify(problem.message, { seconds: 15 });
  }
}

function makeButton(key, run, style = "") {
  return make("button", { type: "button", class: `btn btn-sm ${style}`, text: t(key), onclick: run });
}

function makeComment(comment, onDelete) {
  return make("div", { class: "comment" }, [
    make("div", { class: "comment-head" }, [
      make("strong", { text: comment.by }),
      " ",
      make("time", { class: "text-secondary", text: momentText(comment.at), datetime: comment.at }),
    ]),
    comment.text === null
      ? make("p", { class: "text-secondary comment-text", text: t("comment_deleted") })
      : make("p", { class: "comment-text", text: comment.text }),
    comment.own && comment.text !== null ? makeButton("comment_delete", onDelete, "btn-ghost-secondary") : null,
  ]);
}

function makeWriting(key, { label, button, longest, onSend, extra = null }) {
  const text = make("textarea", {
    class: "form-control",
    rows: 2,
    "aria-label": label,
    placeholder: label,
  });
  text.value = drafts.get(key) ?? "";
  const send = make("button", { type: "submit", class: "btn btn-sm btn-primary", text: button });
  const note = make("small", { class: "text-danger", role: "alert" });
  watchLength(text, note, longest);
  text.addEventListener("input", () => drafts.set(key, text.value));
  const submit = async (event) => {
    event.preventDefault();
    if (!text.value.trim()) {
      text.focus();
      return;
    }
    send.disabled = true;
    await onSend(text.value, () => drafts.delete(key));
    send.disabled = false;
  };
  return make("form", { class: "comment-form", onsubmit: submit }, [extra, text, note, send]);
}

function placeText(about, thread) {
  if (!about.row) return t("comment_on_table");
  if (!thread.field) return t("comment_on_row");
  return about.fields.find(({ code }) => code === thread.field)?.label ?? thread.field;
}

function makeThread(about, thread, data, section, { tableUrl, onCounted }) {
  const one = `${tableUrl}/comments/${thread.id}`;
  const isOpen = !thread.resolved && thread.text !== null;
  const remove = ({ id }) =>
    act(section, about, `${tableUrl}/comments/${id}`, { method: "DELETE" }, () => {
      if (id === thread.id && isOpen) onCounted(-1);
    });
  const setResolved = (resolved) =>
    act(section, about, `${one}/resolved`, { method: "PUT", body: { resolved } }, () => {
      if (thread.text !== null) onCounted(resolved ? -1 : 1);
    });
  const answer = makeWriting(`answer ${thread.id}`, {
    label: t("comment_answer"),
    button: t("comment_send"),
    longest: data.longest,
    onSend: (text, done) =>
      act(section, about, `${one}/answers`, { method: "POST", body: { text } }, () => {
        done();
        // An answer opens a resolved thread again.
        if (thread.resolved && thread.text !== null) onCounted(1);
      }),
  });
  const tools = data.why_not_write
    ? []
    : [
        make("details", { class: "comment-answer", open: drafts.has(`answer ${thread.id}`) }, [
          make("summary", { text: t("comment_answer") }),
          answer,
        ]),
        thread.resolved
          ? makeButton("comment_reopen", () => setResolved(false))
          : makeButton("comment_resolve", () => setResolved(true)),
      ];
  return make("li", { class: thread.resolved ? "comment-thread is-resolved" : "comment-thread" }, [
    make("div", { class: "comment-place" }, [
      make("span", { text: placeText(about, thread) }),
      thread.resolved ? make("span", { class: "comment-done" }, [icon("check"), t("comment_resolved", { person: thread.resolved.by })]) : null,
    ]),
    makeComment(thread, () => remove(thread)),
    ...thread.answers.map((each) => makeComment(each, () => remove(each))),
    ...tools,
  ]);
}

function makeChoice(about) {
  if (!about.row) return null;
  const row = make("option", { value: "", text: t("comment_on_row") });
  const offered = about.field ? [about.field] : about.fields;
  const cells = offered
    .filter(({ masked }) => !masked)
    .map(({ code, label }) => make("option", { value: code, text: label }));
  const select = make("select", { class: "form-select form-select-sm", "aria-label": t("comment_about") }, about.field ? [...cells, row] : [row, ...cells]);
  return select;
}

function makeBeginning(about, data, section, places) {
  if (data.why_not_write) {
    return make("p", { class: "text-secondary section-note", text: data.why_not_write });
  }
  const choice = makeChoice(about);
  return makeWriting(`begin ${about.row?.id ?? ""} ${about.field?.code ?? ""}`, {
    label: t("comment_new"),
    button: t("comment_send"),
    longest: data.longest,
    extra: choice,
    onSend(text, done) {
      const place = about.row ? { field: choice.value || null } : about.scope;
      return act(section, about, places.of(about), { method: "POST", body: { text, ...place } }, () => {
        done();
        places.onCounted(1);
      });
    },
  });
}

/** So many more comments wait for an answer now: the number in the toolbar of the grid follows. */
export function countComments(difference) {
  const button = document.getElementById("comment-count");
  if (!button) return;
  const count = Math.max(0, Number(button.dataset.count) + difference);
  button.dataset.count = String(count);
  button.querySelector("span").textContent = t("comment_count", { count });
  button.hidden = count === 0;
}

/**
 * The section.
 * @param {string} rowsUrl address of the table's rows
 * @param {function(object, object[]): void} [onLoaded] told the threads of a row once they are known
 * @param {function(number): void} [onCounted] told how many more threads, or fewer, are open now
 */
export function commentSection(rowsUrl, onLoaded = () => {}, onCounted = () => {}) {
  const tableUrl = rowsUrl.replace(/\/rows$/, "");
  const places = {
    tableUrl,
    onCounted,
    of: ({ row }) =>
      row ? `${rowsUrl}/${encodeURIComponent(row.id)}/comments` : `${tableUrl}/comments`,
  };
  return {
    name: "comments",
    title: "section_comments",
    applies: ({ row, scope }) => (row ? Boolean(row.version) : Boolean(scope?.department)),
    sourceOf: ({ row }) => row?.id ?? "",
    keyOf: ({ field }) => field?.code ?? "",
    async load(about, signal) {
      const query = about.row ? "" : `?${new URLSearchParams(about.scope)}`;
      const data = await requestJson(places.of(about) + query, { signal });
      if (about.row) onLoaded(about.row, data.threads);
      return data;
    },
    count: ({ field }, data) => (data ? countOpen(data.threads, field?.code) : 0),
    make(about, data, section) {
      const threads = inOrder(data.threads, about.field?.code).map((thread) =>
        makeThread(about, thread, data, section, places),
      );
      const body = make("div");
      const none = make("p", { class: "text-secondary section-note", text: t("comment_none") });
      fill(
        body,
        threads.length > 0 ? make("ul", { class: "comment-list" }, threads) : none,
        makeBeginning(about, data, section, places),
      );
      return body;
    },
  };
}
