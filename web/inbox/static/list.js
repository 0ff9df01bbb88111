// The lists and what opens from them: chats and lists are swapped in place, addresses stay what a reload would show.

import { announce } from "./announce.js";
import { say } from "./base.js";
import { markOpen, settle } from "./rows.js";
import { t } from "./texts.js";
import { tick } from "./times.js";

export { counts, drop, markOpen, put, setUnread } from "./rows.js";

const PREFIX = "/inbox";
const CHATS = `${PREFIX}/chats/`;
const LIST_KEYS = ["view", "line", "team", "label", "waiting", "who"];
const TICK_MS = 10_000;
const KEYBOARD_PX = 120; // less is a browser's own bar

/** What is being fetched, by the region it goes to; a later one takes the place of an earlier. */
const fetching = { open: null, list: null };

/** Keep the page within what is seen: Safari lays its keyboard over the page where others make the page smaller. */
function fit() {
  const { height, scale } = visualViewport;
  const { style } = document.documentElement;
  if (scale !== 1 || innerHeight - height < KEYBOARD_PX) {
    style.removeProperty("--seen");
    return;
  }
  style.setProperty("--seen", `${height}px`);
  scrollTo(0, 0);
}

window.visualViewport?.addEventListener("resize", fit);

const region = () => document.getElementById("wanted");

/** Return an address with the query of the list shown, so that a reload shows the same list. */
function withList(address) {
  const url = new URL(address, location.href);
  for (const key of LIST_KEYS) {
    const value = region().dataset[key];
    if (value) url.searchParams.set(key, value);
  }
  return url;
}

/** Return how htmx asks for a region: the answer is that region alone. */
function asking(name) {
  return { "HX-Request": "true", "HX-Target": name, "HX-Current-URL": location.href };
}

function refused(html) {
  const part = new DOMParser().parseFromString(html, "text/html");
  say(part.querySelector("[role=alert]")?.textContent ?? t("unreachable"));
}

/**
 * Fetch a region and put it in its place. Not by htmx, which calls it an error when a later one takes its place.
 *
 * @returns {Promise<boolean>} Whether it stands there now.
 */
async function fetchInto(name, url, then) {
  fetching[name]?.abort();
  const mine = new AbortController();
  fetching[name] = mine;
  const part = document.getElementById(name);
  const asked = new URL(url);
  asked.hash = "";
  // The side tells times where the agent is.
  asked.searchParams.set("zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  part.classList.add("is-fetched");
  try {
    const answer = await fetch(asked, { headers: asking(name), signal: mine.signal });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      location.assign(elsewhere);
      return false;
    }
    const html = await answer.text();
    if (!answer.ok) {
      refused(html);
      return false;
    }
    htmx.swap(part, html, { swapStyle: "innerHTML" }, { eventInfo: { target: part, elt: part } });
    then();
    return true;
  } catch (error) {
    if (mine.signal.aborted) return false;
    if (!(error instanceof TypeError)) throw error;
    say(t("unreachable"));
    return false;
  } finally {
    if (fetching[name] === mine) part.classList.remove("is-fetched");
  }
}

/** Open a chat, or none, in place. */
export function open(address, { push = true } = {}) {
  const url = withList(address);
  const before = document.querySelector(".row-link[aria-current]");
  return fetchInto("open", url, () => {
    if (push && url.href !== location.href) history.pushState({}, "", url);
    markOpen();
    const chat = document.getElementById("chat");
    // Back at the list one stands where one left it.
    if (!chat.dataset.chat) before?.focus({ preventScroll: true });
    else if (!chat.contains(document.activeElement)) chat.focus({ preventScroll: true });
  });
}

/** Show a list: another view, or the same one narrowed. */
export function show(address, { push = true } = {}) {
  const url = new URL(address, location.href);
  return fetchInto("list", url, () => {
    const here = new URL(location.href);
    const isOpen = here.pathname.startsWith(CHATS);
    if (isOpen) here.search = url.search;
    if (push) history[isOpen ? "replaceState" : "pushState"]({}, "", isOpen ? here : url);
    const n = document.querySelectorAll("#rows .chat-row").length;
    const line = document.querySelector("[data-line-filter]");
    if (line) line.value = region().dataset.line ?? "";
    announce(t("said_view", { list: document.querySelector(".tab[aria-current] > span").textContent, n }));
  });
}

/** Fetch the list anew, keeping its scroll; what a search found stays. */
export async function reload() {
  if (document.getElementById("search-words").value) return false;
  const at = document.getElementById("list-scroll").scrollTop;
  const url = withList(PREFIX);
  return fetchInto("list", url, () => { document.getElementById("list-scroll").scrollTop = at; });
}

function isPlain(event) {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.defaultPrevented);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-open], a[data-list]");
  if (!link || !isPlain(event)) return;
  event.preventDefault();
  if ("open" in link.dataset) open(link.href);
  else show(link.href);
});

/** Return the query of a form's list; the header's choice of a line narrows the list shown, whatever it is. */
function queryOf(form) {
  const given = new URLSearchParams(new FormData(form));
  const isHeaders = form.querySelector("[data-line-filter]") !== null;
  const query = isHeaders ? withList(PREFIX).searchParams : given;
  if (isHeaders) query.set("line", given.get("line"));
  for (const [key, value] of [...query]) if (!value) query.delete(key);
  return query;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-line-filter]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (!form) return;
  event.preventDefault();
  if (form.matches(":popover-open")) form.hidePopover();
  show(`${PREFIX}?${queryOf(form)}`);
});

// --- the search --------------------------------------------------------------------------------------------

function showClear() {
  const words = document.getElementById("search-words");
  const clear = document.querySelector("[data-clear-search]");
  if (words && clear) clear.hidden = !words.value;
}

function clearSearch() {
  const words = document.getElementById("search-words");
  words.value = "";
  words.dispatchEvent(new Event("input", { bubbles: true }));
  words.focus();
}

document.addEventListener("input", (event) => { if (event.target.id === "search-words") showClear(); });
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-clear-search]")) clearSearch(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "search-words" && event.target.value) {
    event.preventDefault();
    clearSearch();
  }
});

// --- swaps, history, time ------------------------------------------------------------------------------------

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  tick(detail.target);
  if (detail.target.id !== "open") markOpen();
  settle();
  showClear();
});

addEventListener("popstate", () => {
  const here = new URL(location.href);
  const list = LIST_KEYS.some((key) => (here.searchParams.get(key) ?? "") !== (region().dataset[key] ?? ""));
  if (list) show(PREFIX + here.search, { push: false });
  // Where only the part after `#` differs, such as the side's, the chat is the same.
  const wants = here.pathname.startsWith(CHATS) ? here.pathname.slice(CHATS.length) : "";
  if (wants !== (document.getElementById("chat").dataset.chat ?? "")) open(here.href, { push: false });
});

tick();
markOpen();
showClear();
setInterval(tick, TICK_MS);
addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
