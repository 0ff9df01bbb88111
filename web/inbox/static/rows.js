// Rows that come, move and go without a reload: where a chat's row stands, and whether it stands in the list shown.

import { clockOf, tick } from "./times.js";
import { t } from "./texts.js";

const region = () => document.getElementById("wanted");
const rows = () => document.getElementById("rows");
const find = (key) => document.getElementById(`row-${key.replace("/", "-")}`);
const login = () => document.querySelector("[data-login]").dataset.login;

/** Whether a row belongs into a view, as storage/inbox_lists.py decides it. */
function isIn(row, view) {
  const { mode, assignee, snoozed } = row.dataset;
  const waits = mode === "waiting" && !assignee;
  const mine = assignee === login() && mode !== "closed";
  if (view === "queue") return waits && !snoozed;
  if (view === "mine") return mine && !snoozed;
  if (view === "snoozed") return (mine || waits) && Boolean(snoozed);
  if (view === "closed") return Boolean(row.dataset.ended);
  return true;
}

/** Whether a row passes the filters that the list is narrowed to. */
function passes(row) {
  const { line, team, label, who, waiting } = region().dataset;
  const since = Date.parse(row.dataset.since);
  return (
    (!line || row.dataset.line === line) &&
    (!team || row.dataset.team === team) &&
    (!label || JSON.parse(row.dataset.labels).includes(label)) &&
    (!who || row.dataset.assignee === who) &&
    (!waiting || clockOf(region()) - since >= Number(waiting) * 60_000)
  );
}

/** What a row is sorted by: the smaller comes first. */
function place(row, view, now) {
  const { closes, due, since, ended, newest, key } = row.dataset;
  if (view === "queue") {
    const ends = [closes, due].map(Date.parse).filter((at) => at > now);
    return [ends.length ? Math.min(...ends) : Infinity, Date.parse(since), BigInt(key.split("/")[1])];
  }
  return view === "closed" ? [-Date.parse(ended)] : [-BigInt(newest)];
}

function before(one, other) {
  for (let i = 0; i < one.length; i += 1) {
    if (one[i] < other[i]) return true;
    if (one[i] > other[i]) return false;
  }
  return false;
}

function insert(list, row, view) {
  const now = clockOf(region());
  const own = place(row, view, now);
  for (const other of list.querySelectorAll(".chat-row")) {
    if (other !== row && before(own, place(other, view, now))) {
      if (row.nextElementSibling !== other) other.before(row);
      return true;
    }
  }
  const more = list.querySelector(".more");
  // Further down than what is loaded: scrolling brings it.
  if (more) return false;
  if (list.lastElementChild !== row) list.append(row);
  return true;
}

/** Show or hide the words of an empty list. */
export function settle() {
  const nothing = document.querySelector("[data-nothing]");
  if (nothing) nothing.hidden = Boolean(rows()?.querySelector("li"));
}

/**
 * Put a row where it belongs in the list shown: new, changed, moved, or out of it.
 *
 * @param {string} html What web/inbox/lists/rows.py renders of the chat.
 * @param {{unread?: number, draft?: boolean, snoozed?: string|null}} own What is this agent's; left out, it stays as it was.
 * @returns {boolean} Whether the list shows it now.
 */
export function put(html, own = {}) {
  const list = rows();
  const template = document.createElement("template");
  template.innerHTML = html;
  const row = template.content.querySelector(".chat-row");
  if (!list || !row) return false;
  const { view } = region().dataset;
  const old = find(row.dataset.key);
  const snoozed = own.snoozed === undefined ? old?.dataset.snoozed : own.snoozed;
  if (snoozed) row.dataset.snoozed = snoozed;
  if (own.draft ?? (old && "draft" in old.dataset)) row.dataset.draft = "";
  showUnread(row, own.unread ?? Number((old ?? row).dataset.unread));
  if (!isIn(row, view) || !passes(row)) {
    drop(row.dataset.key);
    return false;
  }
  const held = old?.contains(document.activeElement);
  if (old) old.replaceWith(row);
  else row.classList.add("is-new");
  const stands = insert(list, row, view);
  if (stands) tick(row);
  else row.remove();
  markOpen();
  settle();
  if (held && stands) row.querySelector("a").focus({ preventScroll: true });
  return stands;
}

/** Take a chat out of the list; the focus goes to its neighbour. */
export function drop(key) {
  const row = find(key);
  if (!row) return;
  const held = row.contains(document.activeElement);
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (held) (neighbour?.querySelector("a") ?? document.getElementById("list-scroll")).focus({ preventScroll: true });
  settle();
}

/** Say how much of a chat this agent has not read. */
export function setUnread(key, n) {
  const row = find(key);
  if (row) showUnread(row, n);
}

function showUnread(row, n) {
  const shown = n >= 99 ? t("unread_most", { n: 99 }) : String(n);
  row.dataset.unread = String(n);
  row.querySelector("[data-unread-shown]").textContent = shown;
  row.querySelector("[data-unread-said]").textContent = t("unread_messages", { n: shown });
}

/** Set the numbers beside the lists. */
export function counts({ queue, unread }) {
  for (const [view, n] of [["queue", queue], ["mine", unread]]) {
    const part = document.querySelector(`[data-count="${view}"]`);
    if (!part || n === undefined) continue;
    part.hidden = !n;
    part.querySelector("[data-shown]").textContent = n;
    part.querySelector("[data-said]").textContent = t(`count_${view}`, { n });
  }
}

/** Mark the row of the chat that is open. */
export function markOpen() {
  const open = document.getElementById("chat")?.dataset.chat;
  for (const link of document.querySelectorAll(".row-link[aria-current]")) link.removeAttribute("aria-current");
  if (open) find(open)?.querySelector("a").setAttribute("aria-current", "true");
}
