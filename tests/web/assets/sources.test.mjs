import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../../", import.meta.url);
const assets = new URL("app/web/assets/", root);
const read = (url) => readFileSync(url, "utf8");
const names = readdirSync(assets, { recursive: true }).filter((name) => /\.(js|css)$/.test(name));
const scripts = names.filter((name) => name.endsWith(".js"));
const withoutComments = (text) => text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
const code = (name) => withoutComments(read(new URL(name, assets)));
const messages = JSON.parse(read(new URL("messages.json", assets)));

test("no script holds a Chinese sentence of its own", () => {
  assert.deepEqual(scripts.filter((name) => /\p{Script=Han}/u.test(code(name))), []);
});

test("no script turns text into markup or code", () => {
  const forbidden = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/;
  assert.deepEqual(scripts.filter((name) => forbidden.test(code(name))), []);
});

test("no file names another host", () => {
  const foreign = /(https?:)?\/\/(?!www\.w3\.org\/2000\/svg)[\w-]+\.[a-z]/;
  assert.deepEqual(names.filter((name) => foreign.test(code(name))), []);
});

test("every file stays under 400 lines", () => {
  const lines = (name) => read(new URL(name, assets)).split("\n").length;
  assert.deepEqual(names.filter((name) => lines(name) > 400), []);
});

test("every text that a script asks for exists", () => {
  const asked = scripts.flatMap((name) => [...code(name).matchAll(/\bt\(\s*"(\w+)"/g)].map((m) => m[1]));
  assert.ok(asked.length > 50);
  assert.deepEqual(asked.filter((key) => !(key in messages)), []);
});

test("every kind of field and every kind of problem has its text", () => {
  const types = ["string", "text", "integer", "number", "boolean", "date", "yearmonth", "code", "reference"];
  const kinds = [...code("common/http.js").matchAll(/^\s+\d+: "(\w+)"/gm)].map((m) => m[1]);
  const keys = [
    ...types.map((type) => `type_${type}`),
    ...[...kinds, "offline", "server"].map((kind) => `problem_${kind}`),
  ];
  assert.deepEqual(keys.filter((key) => !(key in messages)), []);
});
