// The open chat: times and days in the agent's own zone, the way up and down, how far it is read, a message's menu.
//
// Entries come as HTML from whoever has them (the page, a swap, the stream): all that is put into the list is dressed here.

import { headers, say } from "./base.js";
import { quote, react } from "./composer.js";
import { state } from "./deliver.js";
import { t } from "./texts.js";

const NEAR_END_PX = 60;
const READ_MS = 300;
const LARGE = /^(\p{RGI_Emoji}\s*){1,3}$/v;

const locale = document.documentElement.lang || navigator.language;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const whole = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

const talk = () => document.getElementById("talk");
const list = () => document.querySelector("#talk [data-messages]");
const path = () => document.getElementById("talk-of")?.dataset.path;

let atEnd = true;
let watched = null;
let told = { path: "", id: 0n };
let reads = 0;

// --- what an entry looks like here ------------------------------------------------------------------------------

function dayName(at) {
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return t("today");
  now.setDate(now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return t("yesterday");
  return at.getFullYear() === new Date().getFullYear() ? day.format(at) : dayAndYear.format(at);
}

function chip(words, name) {
  const item = document.createElement("li");
  item.className = name;
  item.textContent = words;
  return item;
}

/** What stands before an entry and is none itself: the day, the mark of what is new. */
function standingBefore(item) {
  const found = {};
  for (let one = item.previousElementSibling; one?.matches(".day, .news-from-here"); one = one.previousElementSibling) {
    found[one.matches(".day") ? "day" : "news"] = one;
  }
  return found;
}

function dressOne(item, at) {
  for (const time of item.querySelectorAll("time:not([title])")) {
    const moment = new Date(time.dateTime);
    time.textContent = clock.format(moment);
    time.title = whole.format(moment);
  }
  const text = item.querySelector(":scope .bubble > .text");
  if (text && !item.dataset.dressed) {
    item.querySelector(".bubble").classList.toggle("big", !item.matches(".note") && LARGE.test(text.textContent.trim()));
    item.dataset.dressed = at.toISOString();
  }
}

/** Bring days and groups in line with the entries; only what is not so yet is touched, a screen reader hears no more. */
function dress() {
  const items = list();
  if (!items) return;
  let before = null;
  for (const item of [...items.children]) {
    if (!item.dataset.at) continue;
    const at = new Date(item.dataset.at);
    dressOne(item, at);
    const standing = standingBefore(item);
    const needs = !before || before.day !== at.toDateString();
    if (needs && !standing.day) (standing.news ?? item).before(chip(dayName(at), "day"));
    if (!needs) standing.day?.remove();
    const side = item.dataset.side ?? "";
    item.classList.toggle("first", needs || !side || before.side !== side);
    before = { day: at.toDateString(), side };
  }
  items.querySelectorAll(":scope > .day + .day").forEach((one) => one.remove());
  if (items.lastElementChild?.matches(".day")) items.lastElementChild.remove();
  if (before) document.querySelector("#talk .nothing-said")?.remove();
}

// --- the way up and down ---------------------------------------------------------------------------------------------

function toEnd() {
  const region = talk();
  if (region) region.scrollTop = region.scrollHeight;
  atEnd = true;
  const pill = document.getElementById("to-newest");
  if (pill) pill.hidden = true;
}

function endIsNear() {
  const region = talk();
  return region.scrollHeight - region.scrollTop - region.clientHeight < NEAR_END_PX;
}

function settle(records) {
  watched.observer.takeRecords();
  dress();
  watched.observer.takeRecords();
  const items = list();
  const added = records.flatMap((record) => [...record.addedNodes]).filter((node) => node.dataset?.at);
  const changed = new Set(records.flatMap((record) => [...record.removedNodes].map((node) => node.id)));
  const last = [...items.children].findLast((item) => item.dataset.at);
  if (atEnd || added.some((item) => item.matches(".sending-now"))) toEnd();
  else if (added.includes(last) && !changed.has(last.id) && last.matches(".theirs, .note")) document.getElementById("to-newest").hidden = false;
  readSoon();
}

/** Begin with the chat that is open now, if it is another one. */
function begin() {
  const items = list();
  if (!items || watched?.items === items) return;
  watched?.observer.disconnect();
  watched?.sizes.disconnect();
  const observer = new MutationObserver(settle);
  const sizes = new ResizeObserver(() => { if (atEnd) toEnd(); });
  watched = { items, observer, sizes };
  markNews(items);
  dress();
  observer.observe(items, { childList: true });
  sizes.observe(talk());
  sizes.observe(items);
  atEnd = true;
  let [top, height] = [0, 0];
  talk().addEventListener("scroll", ({ target }) => {
    // Who scrolls up leaves the end; a picture that has grown meanwhile does not.
    if (endIsNear()) atEnd = true;
    else if (target.scrollTop < top && target.scrollHeight === height) atEnd = false;
    [top, height] = [target.scrollTop, target.scrollHeight];
    if (atEnd) document.getElementById("to-newest").hidden = true;
  }, { passive: true });
  goTo(items);
  readSoon();
}

function markNews(items) {
  const read = BigInt(items.dataset.read || 0);
  if (!read || items.dataset.found) return;
  const first = [...items.querySelectorAll(".theirs[data-id]")].find((item) => BigInt(item.dataset.id) > read);
  first?.before(chip(t("news_from_here"), "news-from-here"));
}

/** Show the message that was searched for, else what is new, else the end. */
function goTo(items) {
  const found = items.dataset.found && document.getElementById(`m-${items.dataset.found}`);
  if (found) {
    found.scrollIntoView({ block: "center" });
    atEnd = items.id === "messages" && endIsNear();
    found.classList.add("found");
    return;
  }
  toEnd();
  const news = items.querySelector(".news-from-here");
  if (news && news.getBoundingClientRect().top < talk().getBoundingClientRect().top) {
    news.scrollIntoView({ block: "start" });
    atEnd = false;
  }
}

// What comes in above pushes nothing down: not every browser holds on to what is looked at.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.target.matches?.("#talk li.older")) return;
  const region = talk();
  const below = region.scrollHeight - region.scrollTop;
  atEnd = false;
  requestAnimationFrame(() => { region.scrollTop = region.scrollHeight - below; });
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#to-newest")) toEnd();
});

// --- how far it is read ------------------------------------------------------------------------------------------------

function readSoon() {
  clearTimeout(reads);
  reads = setTimeout(read, READ_MS);
}

function read() {
  const items = list();
  if (!items || document.hidden || items.id !== "messages") return;
  const newest = [...items.querySelectorAll("[data-id]")].reduce((most, item) => {
    const id = BigInt(item.dataset.id);
    return id > most ? id : most;
  }, 0n);
  const known = told.path === path() ? told.id : BigInt(items.dataset.read || 0);
  if (newest <= known) return;
  told = { path: path(), id: newest };
  const body = new URLSearchParams({ message: String(newest) });
  fetch(`${path()}/read`, { method: "POST", body, headers: headers(), keepalive: true }).catch(() => { told = { path: "", id: 0n }; });
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) readSoon(); });

// --- a message's menu --------------------------------------------------------------------------------------------------------

let chosen = null;

const menu = () => document.getElementById("message-menu");

function offer(name, is) {
  for (const part of menu().querySelectorAll(`[data-for="${name}"]`)) part.hidden = !is;
}

function openMenu(button) {
  const item = button.closest("li");
  chosen = item;
  const { writes, reacts } = state();
  offer("react", writes && reacts && "reacts" in item.dataset);
  offer("unreact", writes && reacts && Boolean(item.querySelector(".reactions [data-ours]")));
  offer("quote", writes && Boolean(item.dataset.external));
  offer("copy", Boolean(item.querySelector(".text")));
  offer("retry", Boolean(item.querySelector("[data-retry]")));
  offer("note", Boolean(item.dataset.note));
  menu().showPopover();
  place(menu(), button);
  menu().querySelector("button:not([hidden], [hidden] *)")?.focus();
}

/** Put a popover beside what opened it, within the page. */
export function place(part, beside) {
  const at = beside.getBoundingClientRect();
  const { width, height } = part.getBoundingClientRect();
  const x = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), innerWidth - width - 8);
  const below = at.bottom + 4 + height < innerHeight - 8;
  part.style.left = `${x}px`;
  part.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
}

const textOf = (item) => item.querySelector(".text")?.innerText ?? "";

const DEEDS = {
  quote: (item) => quote(item),
  unreact: (item) => react(item, null),
  copy: async (item) => {
    await navigator.clipboard.writeText(textOf(item));
    say(t("copied"));
  },
  retry: (item) => retry(item.querySelector("[data-retry]")),
  "delete-note": async (item) => {
    const answer = await post("notes/delete", { id: item.dataset.note });
    if (answer) item.remove();
  },
};

/** Post a few fields to the chat; says what was refused and returns null then. */
async function post(where, fields) {
  const sent = { method: "POST", body: new URLSearchParams(fields), headers: headers() };
  const answer = await fetch(`${path()}/${where}`, sent).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (answer?.ok) return told;
  say(told?.error ?? t("server_away"));
  return null;
}

async function retry(button) {
  button.disabled = true;
  const chat = path();
  const answer = await post("retry", { id: button.dataset.retry });
  if (answer && chat === path()) show(answer.entries);
  else button.disabled = false;
}

/** Put entries where they are already, or at the end. */
export function show(entries) {
  const items = document.getElementById("messages");
  for (const { id, html } of entries) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const item = template.content.firstElementChild;
    const old = document.getElementById(id);
    if (old) old.replaceWith(item);
    else items?.append(item);
    htmx.process(item);
  }
}

document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-menu], [data-retry], [data-react], [data-do]");
  if (!part) return;
  if ("menu" in part.dataset) openMenu(part);
  else if ("retry" in part.dataset) retry(part);
  else {
    menu().hidePopover();
    if ("react" in part.dataset) react(chosen, part.dataset.react);
    else DEEDS[part.dataset.do](chosen);
  }
});

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || !event.target.closest?.("#message-menu")) return;
  event.preventDefault();
  const items = [...menu().querySelectorAll("button")].filter((one) => one.checkVisibility());
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
});

// --- swaps ------------------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:afterSettle", begin);
begin();
