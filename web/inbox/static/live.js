// The stream of changes: rows, numbers, bubbles, who looks on. It comes back by itself after sleep and lost lines, and is
// told then what it missed.

import { announce } from "./announce.js";
import { headers } from "./base.js";
import { counts, drop, open, put, reload } from "./list.js";
import { call } from "./notify.js";
import { t } from "./texts.js";

const PREFIX = "/inbox";
const LIST_KEYS = ["view", "line", "team", "label", "waiting", "who"];

/** The server says something every 15 s; after so long without a word the line is taken for dead. */
const SILENT_MS = 40_000;
const WATCH_MS = 5_000;
/** A page that was hidden longer than this does not trust its line. */
const SLEPT_MS = 10_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
/** The browser's own retry is quicker than this; only then the agent is told. */
const LOST_MS = 4_000;
const RELOAD_MS = 400;
const WRITES_MS = 3_000;
const WRITING_MS = 6_000;
/** How long at most it waits for a press to end, and how often that is looked at. */
const HELD_MS = 5_000;
const LET_GO_MS = 40;

let source = null;
let shown = "";
let stream = "";
let last = document.querySelector('meta[name="live"]')?.content ?? "";
let heardAt = Date.now();
let hiddenAt = 0;
let tries = 0;
let retry = 0;
let lost = 0;
let reloads = 0;

const region = () => document.getElementById("wanted");
const chat = () => document.getElementById("chat")?.dataset.chat ?? "";
const title = document.title;

// --- the line -------------------------------------------------------------------------------------------------------

/** What is told, in order; it waits while a part of the page that it may replace is pressed: the press would be lost. */
const coming = [];
let waits = 0;

function hear() {
  waits = 0;
  while (coming.length) {
    if (document.querySelector("#list-body:active, #talk:active") && Date.now() - coming[0].at < HELD_MS) {
      waits = setTimeout(hear, LET_GO_MS);
      return;
    }
    const { name, data } = coming.shift();
    EVENTS[name](data);
  }
}

/** What the page shows, as the server is asked for it. */
function address() {
  const url = new URL(`${PREFIX}/events`, location.href);
  for (const key of LIST_KEYS) {
    const value = region()?.dataset[key];
    if (value) url.searchParams.set(key, value);
  }
  if (chat()) url.searchParams.set("chat", chat());
  return url;
}

function connect() {
  clearTimeout(retry);
  source?.close();
  stream = "";
  const url = address();
  shown = url.search;
  url.searchParams.set("visible", document.hidden ? "no" : "yes");
  if (last) url.searchParams.set("last", last);
  heardAt = Date.now();
  source = new EventSource(url);
  for (const name of Object.keys(EVENTS)) {
    source.addEventListener(name, (event) => {
      heardAt = Date.now();
      if (event.lastEventId) last = event.lastEventId;
      coming.push({ name, data: JSON.parse(event.data), at: heardAt });
      if (!waits) hear();
    });
  }
  source.addEventListener("error", failed);
}

function failed() {
  if (!lost) lost = setTimeout(() => showLost(true), LOST_MS);
  document.dispatchEvent(new CustomEvent("parley:lost"));
  // Otherwise the browser tries again by itself, with the id of the last event.
  if (source.readyState === EventSource.CLOSED) again();
}

/** Try again; where the session is over, sign in. */
async function again() {
  clearTimeout(retry);
  const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
  tries += 1;
  const answer = await fetch(`${PREFIX}/push`, { headers: headers() }).catch(() => null);
  if (answer?.status === 401) {
    location.reload();
    return;
  }
  clearTimeout(retry);
  retry = setTimeout(connect, answer?.ok ? Math.min(wait, 1_000) : wait);
}

function showLost(is) {
  clearTimeout(lost);
  lost = 0;
  let strip = document.querySelector(".line-lost");
  if (!is && !strip) return;
  if (!strip) {
    strip = document.createElement("p");
    strip.className = "line-lost";
    strip.setAttribute("role", "status");
    document.body.append(strip);
  }
  if (is === !strip.hidden && strip.textContent) return;
  strip.hidden = !is;
  strip.textContent = is ? t("line_lost") : "";
  if (!is) announce(t("line_back"));
}

/** Connect anew where the page shows something else now, or where the line may be dead. */
function check({ force = false } = {}) {
  if (force || address().search !== shown || Date.now() - heardAt > SILENT_MS) connect();
}

// --- rows and numbers --------------------------------------------------------------------------------------------------

function reloadSoon() {
  clearTimeout(reloads);
  reloads = setTimeout(reload, RELOAD_MS);
}

function showCounts(numbers) {
  counts(numbers);
  const n = numbers.queue + numbers.unread;
  document.title = n ? `(${n}) ${title}` : title;
  if (n) navigator.setAppBadge?.(n).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

// --- the open chat ------------------------------------------------------------------------------------------------------

/** A bubble, a note, a line: new, or not what it was. chat.js dresses what comes into the list, and keeps to its end. */
function hearEntry({ chat: key, id, after, html }) {
  const list = document.getElementById("messages");
  if (key !== chat() || !list) return;
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const entry = template.content.firstElementChild;
  const old = document.getElementById(id);
  if (old) {
    replace(old, entry);
    return;
  }
  const before = after && document.getElementById(after);
  if (after && !before && list.querySelector("li[id]")) {
    gap(key);
    return;
  }
  if (before) before.after(entry);
  else if (list.querySelector("li[id]")) return; // older than what is shown: scrolling up brings it
  else list.append(entry);
  htmx.process(entry);
}

/** Replace a bubble where it stands; what was opened in it and what has the focus stay. */
function replace(old, entry) {
  if (old.isEqualNode(entry)) return;
  const opened = [...old.querySelectorAll("details")].map((one) => one.open);
  const focused = old.contains(document.activeElement);
  entry.classList.toggle("found", old.matches(".found"));
  old.replaceWith(entry);
  htmx.process(entry);
  [...entry.querySelectorAll("details")].forEach((one, at) => { one.open = opened[at] ?? false; });
  if (focused) (entry.querySelector("a, button, [tabindex]") ?? document.getElementById("messages")).focus?.({ preventScroll: true });
}

/** More was missed than was told: the chat is loaded anew. */
function gap(key) {
  const event = new CustomEvent("parley:gap", { cancelable: true, detail: { chat: key } });
  if (document.dispatchEvent(event)) open(location.href, { push: false });
}

const SIDE_MS = 1_500;

/** Which event each state of the composer goes with; the others hang on the line, not on who holds the chat. */
const STATES = { open: "mine", shut: "mine", unwanted: "unwanted", other: "other", waiting: "waiting", bot: "bot", closed: "closed" };

let held = { chat: "" };
let sides = 0;
let turning = null;
let toldMeanwhile = false;

function stateOf({ mode, assignee, unwanted }) {
  if (mode !== "agent") return mode;
  if (assignee === document.body.dataset.login) return unwanted ? "unwanted" : "mine";
  return assignee ? "other" : "elsewhere";
}

/** Whether a composer is not that of who holds the chat, as it was told last. */
function isOutdated({ dataset }) {
  const known = STATES[dataset.state];
  return Boolean(known) && (known !== stateOf(held) || dataset.holder !== (held.assignee ?? ""));
}

/** Ask for the composer anew. Without a network it stays as it is; who holds the chat is told again when it is back. */
export async function turnComposer() {
  const composer = document.getElementById("composer");
  if (!composer || turning === composer) return;
  turning = composer;
  toldMeanwhile = false;
  await htmx.ajax("GET", `${composer.dataset.path}/composer`, { source: "#composer", target: "#composer", swap: "outerHTML" }).catch(() => {});
  if (turning === composer) turning = null;
  const shown = document.getElementById("composer");
  if (toldMeanwhile && shown && shown !== composer && held.chat === chat() && isOutdated(shown)) turnComposer();
}

/** Who holds the open chat: the composer turns where that has changed, and what stands beside comes up to date. */
function hearHeld(event) {
  if (event.chat !== chat()) return;
  const composer = document.getElementById("composer");
  const before = held.chat === event.chat ? held : null;
  held = event;
  toldMeanwhile = true;
  const changed = Boolean(composer && isOutdated(composer)) || Boolean(before && before.assignee !== event.assignee);
  if (composer && isOutdated(composer)) turnComposer();
  document.dispatchEvent(new CustomEvent("parley:held", { detail: { ...event, changed } }));
  clearTimeout(sides);
  if (before || changed) sides = setTimeout(() => document.body.dispatchEvent(new Event("side-stale")), changed ? 0 : SIDE_MS);
}

let writing = 0;

/** Who else looks at the chat. Nobody says that they stopped writing: without another key it is over. */
function showPresence({ chat: key, others }) {
  clearTimeout(writing);
  if (others.some((one) => one.writes)) {
    const looking = others.map((one) => ({ ...one, writes: false }));
    writing = setTimeout(() => showPresence({ chat: key, others: looking }), WRITING_MS);
  }
  const region_ = document.getElementById("chat");
  if (key !== chat() || !region_) return;
  let part = region_.querySelector("[data-presence]");
  if (!part) {
    part = document.createElement("p");
    part.className = "presence";
    part.dataset.presence = "";
    part.setAttribute("role", "status");
    region_.prepend(part);
  }
  const writers = others.filter((one) => one.writes);
  const told = writers.length ? writers : others;
  const what = writers.length ? "writes" : "looks";
  part.hidden = !told.length;
  part.textContent = !told.length ? "" : told.length === 1 ? t(`${what}_one`, told[0]) : t(`${what}_more`, { names: joined(told) });
}

function joined(people) {
  const names = people.map((one) => one.name);
  return t("and", { first: names.slice(0, -1).join(", "), last: names.at(-1) });
}

function hearNotice(notice) {
  call(notice);
  const said = { chat: "said_new_chat", message: "said_message", late: "notice_late" };
  announce(t(said[notice.cause], { name: notice.name }));
}

const EVENTS = {
  hello: ({ stream: id }) => {
    stream = id;
    tries = 0;
    showLost(false);
    // A browser that came again by itself has asked as it did at first, looked at or not.
    if (source.url.includes("visible=no") !== document.hidden) look();
    document.dispatchEvent(new CustomEvent("parley:live"));
  },
  beat: () => {},
  row: ({ html, unread, draft, snoozed }) => put(html, { unread, draft, snoozed }),
  gone: ({ chat: key }) => drop(key),
  stale: reloadSoon,
  reload: reloadSoon,
  counts: showCounts,
  message: hearEntry,
  held: hearHeld,
  presence: showPresence,
  notice: hearNotice,
  shut: ({ chat: key }) => { if (key === chat()) open(PREFIX); },
};

// --- what this page tells: whether it is looked at, whether somebody writes -------------------------------------------------

let wroteAt = 0;

function look({ writing = false } = {}) {
  if (!stream) return;
  const fields = { stream, visible: document.hidden ? "no" : "yes", writing: writing ? "yes" : "no" };
  fetch(`${PREFIX}/presence`, { method: "POST", body: new URLSearchParams(fields), headers: headers(), keepalive: true }).catch(() => {});
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("#composer");
  if (!form || Date.now() - wroteAt < WRITES_MS) return;
  wroteAt = Date.now();
  look({ writing: true });
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    hiddenAt = Date.now();
    look();
    return;
  }
  const slept = Date.now() - hiddenAt > SLEPT_MS;
  check({ force: slept || source?.readyState !== EventSource.OPEN });
  if (!slept) look();
});

addEventListener("online", () => check({ force: true }));
// A line that broke may look open for long: a new one tells at once whether the server is there.
addEventListener("offline", () => check({ force: true }));
addEventListener("pageshow", (event) => { if (event.persisted) check({ force: true }); });
// A page that the browser keeps for the way back would keep its line too.
addEventListener("pagehide", () => source?.close());
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (["list", "open", "chat"].includes(detail.target.id)) check();
});
document.addEventListener("parley:open", ({ detail }) => { if (detail.startsWith(`${PREFIX}/`)) open(detail); });
setInterval(check, WATCH_MS);

connect();
