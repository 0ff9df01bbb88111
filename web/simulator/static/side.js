// The panels as drawers on a narrow page; the clock's jumps; a new contact.

import { call } from "./api.js";
import { byId, t } from "./dom.js";
import { duration } from "./format.js";
import { attempt, send, toast } from "./session.js";

const drawers = [[byId("open-start"), byId("side-start")], [byId("open-end"), byId("side-end")]];
const newContact = byId("new-contact");
const addContact = byId("add-contact");

export function closeDrawers() {
  for (const [button, side] of drawers) {
    side.classList.remove("open");
    button.setAttribute("aria-expanded", "false");
  }
  byId("side-backdrop").hidden = true;
  byId("screen").inert = false;
}

function openDrawer(button, side) {
  side.classList.add("open");
  button.setAttribute("aria-expanded", "true");
  byId("side-backdrop").hidden = false;
  byId("screen").inert = true;
  side.querySelector("[data-close]").focus({ preventScroll: true });
}

function openNewContact(open) {
  newContact.hidden = !open;
  addContact.hidden = open;
  addContact.setAttribute("aria-expanded", String(open));
  newContact.reset();
  (open ? newContact.elements.name : addContact).focus();
}

/** Wire the panels; `switchTo` takes the phone of a contact just made. */
export function wireSides(switchTo) {
  for (const [button, side] of drawers) {
    const close = () => {
      closeDrawers();
      button.focus();
    };
    button.addEventListener("click", () => openDrawer(button, side));
    side.querySelector("[data-close]").addEventListener("click", close);
    side.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && side.classList.contains("open")) close();
    });
  }
  byId("side-backdrop").addEventListener("click", closeDrawers);
  matchMedia("(min-width: 1100px)").addEventListener("change", closeDrawers);

  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", async () => {
      const seconds = Number(button.dataset.jump);
      if (await send("jump", { seconds })) toast(t("jumped", { duration: duration(seconds) }));
    });
  }

  addContact.addEventListener("click", () => openNewContact(true));
  newContact.querySelector("[data-cancel]").addEventListener("click", () => openNewContact(false));
  newContact.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    openNewContact(false);
  });
  newContact.addEventListener("submit", async (event) => {
    event.preventDefault();
    const made = await attempt(() => call("contacts", { name: newContact.elements.name.value }));
    if (made === null) return;
    openNewContact(false);
    switchTo(made.phone);
  });
}
