// One key for what agents do often. A control says its own key by `data-key`; none works while somebody types.

import { show } from "./list.js";

const STORED = "parley.keys";
const THEN_MS = 1200;
const GOES = { q: "queue", m: "mine", a: "all", c: "closed", s: "snoozed" };

let going = 0;

const areOn = () => localStorage.getItem(STORED) !== "off";
const dialog = () => document.getElementById("keys");

function types(target) {
  return target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=button]), textarea, select");
}

function isShown(part) {
  return part.checkVisibility?.() ?? part.offsetParent !== null;
}

/** Press or focus the control whose key this is; where the side is a drawer it is opened first. */
function use(key) {
  const parts = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((one) => !one.disabled);
  const part = parts.find(isShown) ?? parts.find((one) => one.closest("#side"));
  if (!part) return false;
  if (!isShown(part)) location.hash = "side";
  if (part.matches("input, textarea, select")) part.focus();
  else part.click();
  return true;
}

/** Go to the next chat of the list, or the one before. */
function step(by) {
  const links = [...document.querySelectorAll("#list-body .row-link")].filter(isShown);
  if (!links.length) return;
  const from = links.indexOf(document.activeElement);
  const current = from >= 0 ? from : links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = current < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, current + by));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

function help() {
  if (!dialog().open) dialog().showModal();
}

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  "?": help,
  "/": () => use("/") || use("s"),
  g: () => { going = Date.now(); },
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (key === "Escape") {
    if (types(target)) target.blur();
    else if (location.hash === "#side" && !document.querySelector("dialog[open], :popover-open")) location.hash = "chat";
    return;
  }
  if (!areOn() || types(target) || document.querySelector("dialog[open]")) return;
  const goes = Date.now() - going < THEN_MS;
  going = 0;
  if (goes && GOES[key]) {
    event.preventDefault();
    show(`/inbox?view=${GOES[key]}`);
    return;
  }
  if (key.length !== 1) return;
  if (ACTS[key] ? ACTS[key]() !== false : use(key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-keys-open], [data-dismiss]");
  if (!part) return;
  if ("dismiss" in part.dataset) {
    part.closest("dialog").close();
    return;
  }
  part.closest("[popover]")?.hidePopover();
  help();
});

// A press on the dialog's surroundings closes it.
dialog()?.addEventListener("click", (event) => { if (event.target === dialog()) dialog().close(); });

const toggle = document.querySelector("[data-keys-switch]");
if (toggle) {
  toggle.checked = areOn();
  toggle.addEventListener("change", () => localStorage.setItem(STORED, toggle.checked ? "on" : "off"));
}
