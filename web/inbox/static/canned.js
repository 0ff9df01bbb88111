// Canned replies: typed after `/`, or chosen from the menu; each is filled for the chat by the server.

import { box, draftSoon, isNote, path, write } from "./composer.js";
import { headers } from "./base.js";
import { t } from "./texts.js";

const by = (id) => document.getElementById(id);

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

/** Offer nothing any more. */
export function closeCanned() {
  const part = by("canned");
  if (!part) return;
  part.hidden = true;
  offered = [];
  box()?.removeAttribute("aria-activedescendant");
}

/** Offer what begins with the words in the box. */
export async function offerCanned() {
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

/** Put the words of one into the box. */
export function pick(index) {
  const one = offered[index];
  closeCanned();
  write(one.text);
  draftSoon();
  box().focus();
}

/** Whether a key belongs to the open list of canned replies. */
export function steersCanned(event) {
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
