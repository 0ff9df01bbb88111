// The right region: small windows, answers corrected in place, the diagram at its step. No answer is lost to a reload.

import { say } from "./base.js";
import { turnComposer } from "./live.js";

/** How long what was said of an act stands there, whatever is brought up to date meanwhile. */
const SAID_MS = 8_000;
const PRESSED_MS = 300;

const region = () => document.getElementById("side");
const dialog = () => document.getElementById("act");

/** Show a diagram's current step in the middle of its frame. */
function centre(part) {
  const here = part.querySelector(".box.here rect");
  if (!here) return;
  const frame = part.getBoundingClientRect();
  const box = here.getBoundingClientRect();
  part.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
  part.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
}

/** Once it is seen: on a phone the region opens later. */
const seen = new IntersectionObserver((entries) => {
  for (const one of entries) {
    if (!one.isIntersecting) continue;
    seen.unobserve(one.target);
    centre(one.target);
  }
});

const centreAll = (root) => root.querySelectorAll("[data-diagram]").forEach((part) => seen.observe(part));

/** Whether the agent has begun to correct answers here, or is about to: a newer state must not take that away. */
function isEdited() {
  const form = document.getElementById("hand-back");
  if (form?.querySelector('[data-edit][aria-expanded="true"]')) return true;
  return Boolean(form) && [...form.elements].some((part) => (
    part.matches("select") ? part.selectedIndex !== Math.max(0, [...part.options].findIndex((one) => one.defaultSelected)) : part.matches("input:not([type=hidden]), textarea") && part.value !== part.defaultValue
  ));
}

document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-edit], [data-hand-back], [data-dismiss-act]");
  if (!part) {
    if (event.target === dialog()) dialog().close();
    return;
  }
  if ("dismissAct" in part.dataset) {
    dialog().close();
  } else if ("edit" in part.dataset) {
    const field = document.getElementById(part.getAttribute("aria-controls"));
    field.hidden = !field.hidden;
    part.setAttribute("aria-expanded", String(!field.hidden));
    if (!field.hidden) field.querySelector("input, select").focus();
  } else {
    document.querySelector("#hand-back [data-review]")?.click();
  }
});

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.parameters.zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig, serverResponse } = event.detail;
  // What is fetched only to be up to date waits until the corrections are handed back or dropped.
  if (target === region() && requestConfig?.verb === "get" && (isEdited() || dialog()?.open) && serverResponse) {
    event.detail.shouldSwap = false;
  } else if (target === region() && requestConfig?.verb === "get" && region().matches(":active")) {
    event.detail.shouldSwap = false; // a press on what is replaced would be lost
    setTimeout(() => document.body.dispatchEvent(new Event("side-stale")), PRESSED_MS);
  }
});

let last = null;

/** Show what came of an act, on a phone over the chat; let it stand where the region is only brought up to date. */
function keepSaid() {
  const side = region()?.querySelector("[data-side]");
  const said = side?.querySelector("[data-said]");
  if (said) {
    last = { said, of: side.dataset.side, until: Date.now() + SAID_MS };
    if (!region().checkVisibility?.()) say(said.dataset.said);
  } else if (last && side?.dataset.side === last.of && Date.now() < last.until) {
    last.said.removeAttribute("role"); // it was read out when it was new
    side.prepend(last.said);
  }
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "act" && target.innerHTML.trim()) {
    if (!target.open) target.showModal();
    centreAll(target);
  } else if (target.contains(region()) || target === region()) {
    keepSaid();
    if (dialog()?.open && (event.detail.requestConfig?.verb === "post" || target !== region())) dialog().close();
    if (region()) centreAll(region());
    if (event.detail.requestConfig?.verb === "post" && region()) region().scrollTop = 0;
    region()?.querySelector("[aria-invalid]")?.focus();
  }
});

// An act may have changed who writes: the composer says so; it keeps what is written in it.
document.body.addEventListener("chat-changed", turnComposer);

document.body.addEventListener("side-stale", () => {
  const part = region()?.querySelector("[data-side]");
  if (part) window.htmx.ajax("GET", part.dataset.asks, { target: "#side", swap: "innerHTML" }).catch(() => {});
});

if (region()) centreAll(region());
