// The transcript in the phone. Only what changed is touched: a screen reader hears only what is new.

import { byId, h, suggestions, t } from "./dom.js";
import * as deeds from "./deeds.js";
import { rememberFocus } from "./focus.js";
import { dayName, dayOf, duration } from "./format.js";
import { messageItem } from "./message.js";
import { now, send, session } from "./session.js";

const LONG_PAUSE_S = 12 * 3600;
const NEAR_END_PX = 80;

const talk = byId("talk");
const list = byId("messages");
const shown = new Map(); // key -> { json, item }

/** Forget what is shown: the next state is another contact's. */
export function clearTranscript() {
  shown.clear();
  list.replaceChildren();
  byId("empty").hidden = true;
}

export function scrollToEnd() {
  talk.scrollTop = talk.scrollHeight;
}

/** Change the transcript and stay at its end, if that is where one was. */
function keepingEnd(change) {
  const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR_END_PX;
  change();
  if (atEnd) scrollToEnd();
}

/** Make an item, or take the one that is shown already for the same content. */
function item(key, content, make) {
  const json = JSON.stringify(content);
  const known = shown.get(key);
  if (known?.json === json) return known.item;
  const made = make();
  shown.set(key, { json, item: made });
  return made;
}

/** What stands between two messages: the day, and how long nothing was said; null where nothing is worth a word. */
function wordsBetween(previous, message) {
  const at = new Date(message.at);
  if (!previous) return dayName(at, now());
  const before = new Date(previous.at);
  const gap = (at - before) / 1000;
  if (gap >= LONG_PAUSE_S) return `${dayName(at, now())} · ${t("skipped", { duration: duration(gap) })}`;
  return dayOf(at) === dayOf(before) ? null : dayName(at, now());
}

function items() {
  const wanted = [];
  let previous = null;
  for (const message of session.state.messages) {
    const words = wordsBetween(previous, message);
    if (words) wanted.push(item(`before ${message.id}`, words, () => h("li", { class: "chip" }, words)));
    const first = words !== null || previous?.mine !== message.mine;
    wanted.push(item(message.id, [message, first], () => messageItem(message, first, deeds)));
    previous = message;
  }
  return wanted;
}

/** Remember how far cards were swiped: a message that changes its ticks is made anew. */
function rememberSwipes() {
  const swiped = [...list.querySelectorAll(".slides")].filter((slides) => slides.scrollLeft !== 0);
  const places = swiped.map((slides) => [slides.closest("li").dataset.id, slides.scrollLeft]);
  return () => {
    for (const [id, left] of places) {
      const slides = shown.get(id)?.item.querySelector(".slides");
      if (slides) slides.scrollLeft = left;
    }
  };
}

/** Bring the transcript in line with the state. */
export function showMessages() {
  const saysSomething = session.state.messages.some((one) => one.mine && !shown.has(one.id));
  const wanted = items();
  const kept = new Set(wanted);
  const giveBack = rememberFocus();
  const swipeBack = rememberSwipes();
  keepingEnd(() => {
    for (const child of [...list.children]) if (!kept.has(child)) child.remove();
    wanted.forEach((one, index) => {
      if (list.children[index] !== one) list.insertBefore(one, list.children[index] ?? null);
    });
  });
  swipeBack();
  if (saysSomething) scrollToEnd(); // an old button may stand far above the answer to it
  giveBack();
  showEmpty();
}

/** Whether the bot is at it: it told so, or a code step runs. */
export function showTyping() {
  const { state } = session;
  const until = state.typing_until ? new Date(state.typing_until) : null;
  const typing = state.conversation?.busy === true || (until !== null && until > now());
  const words = typing ? t("typing") : t("chat_with", { name: state.contact.name });
  if (byId("presence").textContent !== words) byId("presence").textContent = words;
  if (byId("typing").hidden === typing) keepingEnd(() => { byId("typing").hidden = !typing; });
}

function showEmpty() {
  const empty = byId("empty");
  const nothing = session.state.messages.length === 0;
  if (nothing && empty.hidden) {
    const tries = suggestions.map((text) => h("button", { type: "button", dir: "auto", onclick: () => send("say", { text }) }, text));
    empty.replaceChildren(
      h("h3", { dir: "auto" }, t("empty_title", { name: session.state.contact.name })),
      h("p", {}, t("empty_text")),
      h("div", { class: "tries", role: "group", "aria-label": t("empty_try") }, ...tries),
    );
  }
  empty.hidden = !nothing;
}
