// What is written: sent once however often it is tapped, kept as a draft, a note, an answer, a canned reply, a template.

import { headers } from "./base.js";
import { show } from "./chat.js";
import { clearFiles, files, uploadAll } from "./files.js";
import { keepDraft, send as post } from "./outbox.js";
import { t } from "./texts.js";

const DRAFT_MS = 700;
const BOX_MOST_PX = 168;
const ENTER = "parley.enter";

const by = (id) => document.getElementById(id);
const composer = () => by("composer");
const box = () => by("text");
const path = () => composer()?.dataset.path ?? "";

/** An id made here: what is sent with it counts once. Without https browsers have no `randomUUID`. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What may be done in the open chat. */
export function state() {
  const part = composer();
  return { writes: part?.dataset.state === "open", reacts: limits().reacts === true };
}

/** What the line takes. */
export function limits() {
  return JSON.parse(by("composer-limits")?.textContent ?? "{}");
}

let shown = null;
let drafts = 0;
let saved = Promise.resolve();
let savedText = "";
let other = ""; // the words of the mode that is not shown: a note is never sent as a message by a slip
let closes = 0;

const isNote = () => composer().classList.contains("noting");

// --- the box ----------------------------------------------------------------------------------------------------------

function grow() {
  const area = box();
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 2, BOX_MOST_PX)}px`;
  const most = isNote() ? 8000 : files().length ? limits().caption : limits().text;
  const over = area.value.length - (most ?? Infinity);
  by("over").hidden = over <= 0;
  by("over").textContent = over > 0 ? t("signs_over", { n: over }) : "";
  by("send").disabled = over > 0;
}

/** Put words where the cursor is. */
export function insert(words) {
  const area = box();
  area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function write(words) {
  box().value = words;
  grow();
}

export function refuse(words) {
  const part = by("refused");
  if (!part) return;
  part.hidden = !words;
  part.textContent = words ?? "";
}

function setNote(on) {
  const part = composer();
  if (isNote() === on) return;
  const words = box().value;
  part.classList.toggle("noting", on);
  const form = by("writing");
  form.toggleAttribute("data-note", on);
  form.hidden = !on && form.dataset.can === "note";
  for (const button of part.querySelectorAll("[data-note-mode]")) button.setAttribute("aria-pressed", String(on));
  const label = t(on ? "write_note" : "write_reply");
  box().placeholder = label;
  box().labels[0].textContent = label;
  by("send").setAttribute("aria-label", t(on ? "save_note" : "send_message"));
  write(other);
  other = words;
  refuse(null);
  if (!form.hidden) box().focus();
}

// --- drafts --------------------------------------------------------------------------------------------------------------

function draftSoon() {
  clearTimeout(drafts);
  drafts = setTimeout(saveDraft, DRAFT_MS);
}

/** Keep what stands in the box on the server, where the agent's other browsers find it. */
function saveDraft({ leaving = false } = {}) {
  clearTimeout(drafts);
  const part = composer();
  if (!part || by("writing").dataset.can !== "write") return saved;
  const words = isNote() ? other : box().value;
  const key = `${words}\n${by("quoting").dataset.id}`;
  if (key === savedText) return saved;
  savedText = key;
  const form = new FormData();
  form.set("text", words);
  form.set("reply_to", by("quoting").dataset.id || "0");
  const url = `${path()}/draft`;
  const sent = { method: "POST", body: new URLSearchParams(form), headers: headers(), keepalive: leaving };
  saved = fetch(url, sent).catch(() => keepDraft(url, form));
  return saved;
}

document.addEventListener("visibilitychange", () => { if (document.hidden) saveDraft({ leaving: true }); });
addEventListener("pagehide", () => saveDraft({ leaving: true }));

// --- answers to one message -------------------------------------------------------------------------------------------------

/** Answer one message. */
export function quote(item) {
  const words = item?.querySelector(".text")?.innerText ?? item?.querySelector("[data-name], .attachment > span, .place strong")?.innerText ?? "";
  by("quoting").dataset.id = item ? item.dataset.id : "";
  by("quoting").hidden = !item;
  by("quoting").querySelector(".quote > span").textContent = words || item?.querySelector("img")?.dataset.name || "";
  draftSoon();
  if (item) {
    setNote(false);
    box().focus();
  }
}

/** Put an emoji on a message of the contact's, or take it back. */
export function react(item, emoji) {
  return deliver({ kind: "reaction", to: item.dataset.external, emoji }, { words: null });
}

// --- sending --------------------------------------------------------------------------------------------------------------------

/** A bubble for what is under way. */
function waitingBubble(id, words) {
  const item = document.createElement("li");
  item.id = `wait-${id}`;
  item.className = "message ours by-agent sending-now";
  item.dataset.at = new Date().toISOString();
  item.dataset.side = "ours";
  const stack = document.createElement("div");
  const bubble = document.createElement("div");
  const text = document.createElement("div");
  const meta = document.createElement("div");
  [stack.className, bubble.className, text.className, meta.className] = ["stack", "bubble", "text", "meta"];
  text.dir = "auto";
  text.textContent = words;
  meta.textContent = t("sending_now");
  bubble.append(text, meta);
  stack.append(bubble);
  item.append(stack);
  return item;
}

function settleWaiting(id, entries) {
  const waits = by(`wait-${id}`);
  // Where the stream was quicker the bubble stands there already; else it takes the waiting one's place.
  if (waits && entries.length && !by(entries[0].id)) {
    const item = document.createElement("li");
    item.id = entries[0].id;
    waits.replaceWith(item);
  } else waits?.remove();
  show(entries);
}

/**
 * Send the contact something.
 *
 * @param {object} said What is said, as the server reads it.
 * @param {{words?: string|null, replyTo?: string}} shown The words of the bubble until the server's is there; null is none.
 * @returns {Promise<string|null>} Why it was refused; null where it was sent, or waits for the network.
 */
export async function deliver(said, { words = "", replyTo = "0" } = {}) {
  const id = newId();
  const url = `${path()}/send`;
  if (words !== null) by("messages")?.append(waitingBubble(id, words));
  await saved;
  const form = new FormData();
  form.set("client", id);
  form.set("message", JSON.stringify(said));
  form.set("reply_to", replyTo);
  return await settled(id, await post(form, { url, id }));
}

async function settled(id, answer) {
  if (answer === null) {
    const meta = by(`wait-${id}`)?.querySelector(".meta");
    if (meta) meta.textContent = t("waits_for_network");
    return null;
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) {
    settleWaiting(id, told.entries);
    return null;
  }
  by(`wait-${id}`)?.remove();
  if (told?.code === "window_shut" || told?.code === "held_by_another") refresh();
  return told?.error ?? t("server_away");
}

document.addEventListener("outbox:sent", ({ detail }) => {
  if (!by(`wait-${detail.id}`)) return;
  try {
    settleWaiting(detail.id, JSON.parse(detail.text).entries);
  } catch {
    by(`wait-${detail.id}`)?.remove();
  }
});

document.addEventListener("outbox:refused", ({ detail }) => {
  const waits = by(`wait-${detail.id}`);
  if (!waits) return;
  let why = t("server_away");
  try {
    why = JSON.parse(detail.text).error ?? why;
  } catch { /* the server's own words are lost */ }
  const words = waits.querySelector(".text").textContent;
  waits.remove();
  if (box() && !box().value) write(words);
  refuse(t("not_sent", { why }));
});

let busy = false;

async function submit() {
  if (busy) return;
  const words = box().value.trim();
  refuse(null);
  if (isNote()) {
    if (words) await keepNote(words);
    return;
  }
  if (files().length) {
    busy = true;
    composer().classList.add("busy");
    await sendFiles(words).finally(() => {
      busy = false;
      composer()?.classList.remove("busy");
    });
    return;
  }
  if (!words) return;
  const replyTo = by("quoting").dataset.id || "0";
  clearTimeout(drafts);
  write("");
  quote(null);
  clearTimeout(drafts);
  savedText = "\n";
  const why = await deliver({ kind: "text", text: words }, { words, replyTo });
  if (why) giveBack(words, why);
}

function giveBack(words, why) {
  if (box() && !box().value) {
    write(words);
    draftSoon();
  }
  refuse(why);
}

async function sendFiles(words) {
  const replyTo = by("quoting").dataset.id || "0";
  const ready = await uploadAll(path());
  if (!ready) return;
  let caption = words;
  for (const file of ready) {
    const takes = ["image", "video", "document"].includes(file.kind);
    const said = { kind: "file", file: file.key, name: file.name, caption: takes ? caption : "" };
    const why = await deliver(said, { words: file.name, replyTo });
    if (why) {
      refuse(why);
      return;
    }
    if (takes) caption = "";
  }
  clearFiles();
  quote(null);
  write("");
  if (caption) {
    const why = await deliver({ kind: "text", text: caption }, { words: caption });
    if (why) giveBack(caption, why);
  }
  saveDraft();
}

async function keepNote(words) {
  const id = newId();
  write("");
  const form = new FormData();
  form.set("client", id);
  form.set("text", words);
  const answer = await post(form, { url: `${path()}/notes`, id });
  if (answer === null) {
    refuse(t("network_away"));
    return;
  }
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) {
    show(told.entries);
    setNote(false);
  } else giveBack(words, told?.error ?? t("server_away"));
}

// --- canned replies -----------------------------------------------------------------------------------------------------------

let replies = { path: "", all: null };
let offered = [];
let at = 0;

async function allReplies() {
  if (replies.path !== path()) {
    const answer = await fetch(`${path()}/replies`, { headers: headers() }).catch(() => null);
    const told = answer?.ok ? await answer.json() : { replies: [] };
    replies = { path: path(), all: told.replies };
  }
  return replies.all;
}

function closeCanned() {
  const part = by("canned");
  if (!part) return;
  part.hidden = true;
  offered = [];
  box()?.removeAttribute("aria-activedescendant");
}

async function offerCanned() {
  const words = box().value;
  if (isNote() || !/^\/\S*$/.test(words)) {
    closeCanned();
    return;
  }
  const wanted = words.slice(1).toLocaleLowerCase();
  const all = await allReplies();
  if (box()?.value !== words) return;
  const rank = (one) => (one.shortcut.toLocaleLowerCase().startsWith(wanted) ? 0 : `${one.shortcut} ${one.text}`.toLocaleLowerCase().includes(wanted) ? 1 : 2);
  offered = all.filter((one) => rank(one) < 2).sort((one, two) => rank(one) - rank(two)).slice(0, 8);
  at = 0;
  by("canned").replaceChildren(...(offered.length ? offered.map(cannedItem) : [nothing(t(all.length ? "canned_none" : "canned_empty"))]));
  by("canned").hidden = false;
  mark();
}

function cannedItem(one, index) {
  const item = document.createElement("li");
  item.id = `canned-${index}`;
  item.role = "option";
  item.dataset.canned = index;
  const name = document.createElement("strong");
  const text = document.createElement("small");
  name.textContent = `/${one.shortcut}`;
  text.textContent = one.text;
  name.dir = text.dir = "auto";
  item.append(name, text);
  return item;
}

function nothing(words) {
  const item = document.createElement("li");
  item.className = "hint";
  item.textContent = words;
  return item;
}

function mark() {
  const items = [...by("canned").querySelectorAll("[role=option]")];
  items.forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
  items[at]?.scrollIntoView({ block: "nearest" });
  if (items[at]) box().setAttribute("aria-activedescendant", items[at].id);
}

function pick(index) {
  const one = offered[index];
  closeCanned();
  write(one.text);
  draftSoon();
  box().focus();
}

/** Whether a key belongs to the open list of canned replies. */
function steersCanned(event) {
  if (by("canned").hidden || !offered.length) return false;
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (steps) {
    at = (at + steps + offered.length) % offered.length;
    mark();
    return true;
  }
  if (event.key === "Enter" || event.key === "Tab") {
    pick(at);
    return true;
  }
  return false;
}

// --- templates ----------------------------------------------------------------------------------------------------------------

/** What a chosen template says, with its places filled; null where one is empty, which is shown. */
export function readTemplate(part) {
  const fields = [...part.querySelectorAll("input[name]")].filter((one) => one.type !== "hidden");
  const empty = fields.find((one) => !one.reportValidity());
  if (empty) return null;
  const said = { kind: "template", name: part.dataset.name, language: part.dataset.language, body: [], header: "", buttons: {} };
  for (const { name, value } of fields) {
    const [where, index] = name.split(".");
    if (where === "header") said.header = value;
    else if (where === "body") said.body[Number(index)] = value;
    else said.buttons[index] = value;
  }
  return said;
}

async function sendTemplate(button) {
  const part = button.closest("[data-template]");
  const said = readTemplate(part);
  if (!said) return;
  button.disabled = true;
  const problem = part.querySelector("[data-problem]");
  const why = await deliver(said, { words: said.name });
  button.disabled = false;
  problem.hidden = !why;
  problem.textContent = why ?? "";
  if (why) return;
  part.closest("dialog")?.close();
  const place = part.closest(".picked");
  if (place?.isConnected) htmx.trigger(place, "load");
}

function openTemplates() {
  const dialog = by("templates");
  const place = dialog.querySelector("[data-picker-place]");
  htmx.ajax("GET", `${path()}/templates/picker`, { target: place, swap: "innerHTML" });
  dialog.showModal();
}

// --- what is pressed and typed ---------------------------------------------------------------------------------------------------

const sendsWithEnter = () => (localStorage.getItem(ENTER) ?? (matchMedia("(hover: none)").matches ? "lines" : "sends")) === "sends";

document.addEventListener("input", ({ target }) => {
  if (target.id === "enter-lines") localStorage.setItem(ENTER, target.checked ? "lines" : "sends");
  if (target !== box() || !target) return;
  grow();
  offerCanned();
  if (!isNote()) draftSoon();
});

document.addEventListener("focusout", ({ target }) => {
  if (target === box() && target) saveDraft();
});

document.addEventListener("keydown", (event) => {
  if (event.target !== box() || !event.target || event.isComposing) return;
  if (steersCanned(event)) {
    event.preventDefault();
    return;
  }
  if (event.key === "Escape") {
    if (!by("canned").hidden) closeCanned();
    else if (isNote()) setNote(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const wants = event.ctrlKey || event.metaKey || (sendsWithEnter() && !event.shiftKey);
  if (event.key !== "Enter" || !wants) return;
  event.preventDefault();
  submit();
}, true);

document.addEventListener("submit", (event) => {
  if (event.target.id !== "writing") return;
  event.preventDefault();
  submit();
});

document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-note-mode], [data-note-off], [data-quote-off], [data-canned], [data-templates], [data-send-template], [data-close-dialog]");
  if (!part || !composer()) return;
  const { dataset } = part;
  if ("noteMode" in dataset) setNote(!isNote());
  else if ("noteOff" in dataset) setNote(false);
  else if ("quoteOff" in dataset) quote(null);
  else if ("closeDialog" in dataset) part.closest("dialog").close();
  else if ("sendTemplate" in dataset && part.closest("#chat")) sendTemplate(part);
  else if ("templates" in dataset) {
    by("more").hidePopover();
    openTemplates();
  } else if (part.matches("li")) pick(Number(dataset.canned));
  else if ("canned" in dataset) {
    by("more").hidePopover();
    if (!box().value) write("/");
    box().focus();
    offerCanned();
  }
});

// --- swaps, and time -----------------------------------------------------------------------------------------------------------

/** Ask for the composer anew: the window closed or opened, another holds the chat. What is written stays. */
async function refresh() {
  const part = composer();
  if (!part) return;
  await saveDraft();
  if (part.isConnected) htmx.ajax("GET", `${path()}/composer`, { target: "#composer", swap: "outerHTML" });
}

let kept = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "composer" || !box()) return;
  kept = { path: path(), words: isNote() ? other : box().value, note: isNote() ? box().value : other, noting: isNote() };
});

/** Begin with the composer that is shown now, if it is another one. */
function begin() {
  const part = composer();
  if (!part || shown === part) return;
  shown = part;
  other = "";
  const can = by("writing").dataset.can === "write";
  if (kept?.path === path()) {
    if (can && kept.words) box().value = kept.words;
    other = kept.note;
    if (kept.noting) {
      part.classList.remove("noting");
      setNote(true);
    }
  }
  kept = null;
  savedText = `${box().value}\n${by("quoting").dataset.id}`;
  by("enter-lines").checked = !sendsWithEnter();
  grow();
  watchWindow(part);
}

/** Turn the composer when the window closes; the server's clock counts, not the browser's. */
function watchWindow(part) {
  clearTimeout(closes);
  if (part.dataset.state !== "open" || !part.dataset.closes) return;
  const ahead = Date.parse(part.dataset.now) - Date.now();
  const left = Date.parse(part.dataset.closes) - Date.now() - ahead;
  // A timer holds 24 days at most, and a sleeping computer none at all: it is looked at again.
  closes = setTimeout(() => (left <= 30_000 ? refresh() : watchWindow(part)), Math.max(0, Math.min(left, 30_000)));
}

document.addEventListener("parley:held", ({ detail }) => {
  const part = composer();
  if (!part || !detail.closes) return;
  const opens = Date.parse(detail.closes) > Date.parse(part.dataset.closes ?? "1970-01-01") + 120_000;
  if (opens && part.dataset.state === "shut") refresh();
  else if (opens && part.dataset.state === "open") {
    part.dataset.closes = new Date(Date.parse(detail.closes) - 60_000).toISOString();
    watchWindow(part);
  }
});

document.addEventListener("htmx:afterSettle", begin);
begin();

// An act beside the chat may have changed who writes here.
document.body.addEventListener("chat-changed", refresh);
