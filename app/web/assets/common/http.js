/**
 * Talking to the server: JSON in and out, the request-forgery token on every unsafe call, and one
 * kind of error that says what happened in the server's own words.
 */

import { t } from "./messages.js";

const kindByStatus = {
  400: "malformed",
  401: "session",
  403: "forbidden",
  404: "missing",
  409: "conflict",
  413: "too_large",
  415: "wrong_type",
  422: "invalid",
  423: "locked",
  429: "busy",
};

/** What went wrong with a request. `kind` is offline, session, forbidden, locked, server, ... */
export class RequestProblem extends Error {
  constructor(kind, status, body) {
    super(body?.detail || t(`problem_${kind}`));
    this.kind = kind;
    this.status = status;
    this.body = body ?? {};
  }

  /** True when the same request may succeed later without any change. */
  get isPassing() {
    return this.kind === "offline" || this.kind === "server" || this.kind === "busy";
  }
}

/** The token that proves a request comes from our own page. */
export function forgeryToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/**
 * Fetch the present page again and take over its token: after a new login in another tab the
 * token of this page is stale, but nothing typed here has to be lost.
 */
export async function renewForgeryToken() {
  const response = await fetch(window.location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector('meta[name="csrf-token"]')?.content;
  const holder = document.querySelector('meta[name="csrf-token"]');
  if (!fresh || !holder || fresh === holder.content) return false;
  holder.content = fresh;
  return true;
}

async function readBody(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) return null;
  return response.json().catch(() => null);
}

/** Turn an answer that is not a success into a problem. */
export function problemOf(status, body, wasRedirected = false) {
  if (wasRedirected) return new RequestProblem("session", 401, null);
  return new RequestProblem(kindByStatus[status] ?? "server", status, body);
}

async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RequestProblem("offline", 0, null);
  }
}

/**
 * Send a request and read its JSON answer.
 * @param {string} url
 * @param {{method?: string, body?: object, form?: FormData, headers?: object, signal?: AbortSignal}} [options]
 * @returns {Promise<object>}
 * @throws {RequestProblem}
 */
export async function requestJson(url, { method = "GET", body, form, headers = {}, signal } = {}) {
  const isUnsafe = method !== "GET";
  const makeOptions = () => ({
    method,
    signal,
    credentials: "same-origin",
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(isUnsafe ? { "X-CSRFToken": forgeryToken() } : {}),
      ...headers,
    },
    body: body === undefined ? form : JSON.stringify(body),
  });
  let response = await send(url, makeOptions());
  if (response.status === 400 && isUnsafe && (await renewForgeryToken().catch(() => false))) {
    response = await send(url, makeOptions());
  }
  const answer = await readBody(response);
  if (response.ok && answer !== null) return answer;
  throw problemOf(response.status, answer, response.ok || response.redirected);
}
