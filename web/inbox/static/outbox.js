// What was sent while the network was away: kept in the browser and posted again, each once, in order.
//
// A kept form is posted with the id that it was made with, so that one whose answer was lost counts once on the server.

import { headers } from "./base.js";

const DATABASE = "parley";
const STORE = "outbox";
const LASTS_MS = 24 * 60 * 60 * 1000;
const RETRY_MS = [2_000, 5_000, 15_000, 60_000];

/** Answers after which the same may be posted again: the server is away, or wants another sign-in or page first. */
export const AGAIN = new Set([401, 403, 408, 429, 500, 502, 503, 504]);

const owner = () => document.body.dataset.login ?? "";

let opened = null;
let tries = 0;
let timer = 0;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run(mode, deed) {
  const store = (await database()).transaction(STORE, mode).objectStore(STORE);
  return new Promise((resolve, reject) => {
    const request = deed(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const keep = (item) => run("readwrite", (store) => store.put(item));
const drop = (id) => run("readwrite", (store) => store.delete(id));
const all = () => run("readonly", (store) => store.getAll());

/** The agent's other pages: which of them posts again what one of them kept is left to chance. */
const pages = new BroadcastChannel("parley-outbox");

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
  pages.postMessage({ name, detail });
}

pages.addEventListener("message", ({ data: { name, detail } }) => {
  document.dispatchEvent(new CustomEvent(name, { detail: { ...detail, isElsewhere: true } }));
});

function post({ url, fields }) {
  const body = new URLSearchParams(fields.filter(([name]) => name !== "csrf"));
  return fetch(url, { method: "POST", body, headers: headers() });
}

/** Make what is kept of a form. */
function itemOf(form, url, id) {
  const data = form instanceof FormData ? form : new FormData(form);
  const fields = [...data].filter(([, value]) => typeof value === "string");
  return { id, url: new URL(url, location.href).pathname, fields, owner: owner(), at: Date.now() };
}

/**
 * Post a form of text fields.
 *
 * @param {HTMLFormElement|FormData} form What is posted; files were uploaded before, and only their keys stand in it.
 * @param {{url?: string, id: string}} named Where to, and the id that makes it count once.
 * @returns {Promise<Response|null>} The answer; null where the network failed: the form is kept and posted again, and the
 *   document hears `outbox:sent` or `outbox:refused` with `{id, url, fields, status, text}` then, and so do the agent's
 *   other pages, with `isElsewhere`. What waits for the same address goes first.
 */
export async function send(form, { url = form.action, id }) {
  const item = itemOf(form, url, id);
  const before = await waiting();
  if (!before.some((one) => one.url === item.url)) {
    try {
      return await post(item);
    } catch { /* it waits */ }
  }
  await keep(item);
  tell("outbox:waiting", { id, url: item.url });
  later();
  return null;
}

/** Keep what was drafted in a chat, posted as soon as it can be; only the newest of an address counts. */
export async function keepDraft(url, form) {
  await forgetDrafts(url);
  await keep(itemOf(form, url, `draft:${url}:${Date.now()}`)); // the one before may just be on its way
  await flush();
}

/** Forget what was drafted at an address and waits: a newer one counts. */
export async function forgetDrafts(url) {
  const { pathname } = new URL(url, location.href);
  for (const one of await waiting()) if (one.url === pathname) await drop(one.id).catch(() => {});
}

/** Return what waits, oldest first: `{id, url, fields, at}`. */
export async function waiting() {
  const items = await all().catch(() => []);
  return items.filter((item) => item.owner === owner()).sort((one, other) => one.at - other.at);
}

/** Post again what waits; with several pages open one of them does it. */
export async function flush() {
  await navigator.locks.request("parley-outbox", { ifAvailable: true }, async (lock) => {
    if (!lock) {
      later(); // the page that has it may be closed before it is through
      return;
    }
    // Asked for again after each: more may have been kept meanwhile, here or in another page.
    for (let [item] = await waiting(); item; [item] = await waiting()) {
      if (Date.now() - item.at > LASTS_MS) {
        await drop(item.id);
        tell("outbox:refused", { id: item.id, url: item.url, fields: item.fields, status: 0, text: "" });
        continue;
      }
      let answer;
      try {
        answer = await post(item);
      } catch {
        later();
        return;
      }
      if (AGAIN.has(answer.status)) {
        later();
        return;
      }
      await drop(item.id);
      const text = await answer.text().catch(() => "");
      tell(answer.ok ? "outbox:sent" : "outbox:refused", { id: item.id, url: item.url, fields: item.fields, status: answer.status, text });
    }
    tries = 0;
  });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(flush, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
  tries += 1;
}

function now() {
  tries = 0;
  flush();
}

addEventListener("online", now);
document.addEventListener("parley:live", now);
addEventListener("pageshow", now);
