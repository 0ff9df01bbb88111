// What one can do with a message: tap, choose from its list, send a place, react.

import { byId, h, icon, t } from "./dom.js";
import { rememberFocus } from "./focus.js";
import { behave } from "./menu.js";
import { send } from "./session.js";
import { closeSheet, openSheet, row } from "./sheet.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "🙏", "🎉"];
const PLACES = [
  { name: "Old Town Square", address: "Market Street 1", latitude: 48.137, longitude: 11.576 },
  { name: "Central Station", address: "Station Road 12", latitude: 48.1402, longitude: 11.558 },
  { name: "University Library", address: "College Lane 7", latitude: 48.1507, longitude: 11.5806 },
];
const EMOJI_MENU_HEIGHT = 52;
const HEADER_HEIGHT = 70;

export const tap = (message, option) => send("tap", { message: message.external_id, option: option.id, title: option.title });

export const react = (message, emoji) => send("react", { message: message.external_id, emoji });

/** Show a list's rows, by section, and send the one that is chosen. */
export function openList(message) {
  const parts = [];
  let section;
  for (const option of message.options) {
    if (option.section !== section) {
      if (option.section) parts.push(h("h3", {}, option.section));
      parts.push(h("ul", { class: "rows" }));
      section = option.section;
    }
    const choose = () => {
      closeSheet();
      send("choose", { message: message.external_id, option: option.id, title: option.title, description: option.description });
    };
    const mark = h("span", { class: "radio" }, icon("check"));
    parts[parts.length - 1].append(row(option.title, option.description, mark, option.chosen, choose));
  }
  openSheet(message.label, ...parts);
}

/** Offer places to send, and a form for any other. */
export function openPlaces() {
  const go = (place) => {
    closeSheet();
    send("location", place);
  };
  const submit = (event) => {
    event.preventDefault();
    const values = new FormData(event.target);
    go({ name: values.get("name") || null, address: null, latitude: Number(values.get("latitude")), longitude: Number(values.get("longitude")) });
  };
  const places = PLACES.map((place) => row(place.name, place.address, icon("pin"), false, () => go(place)));
  const degrees = (label, name, most, value) => h("label", {}, label, h("input", { name, type: "number", required: true, min: -most, max: most, step: "any", value }));
  const form = h(
    "form",
    { onsubmit: submit },
    h("label", {}, t("location_name"), h("input", { name: "name", dir: "auto", maxlength: 100 })),
    h("div", { class: "pair" }, degrees(t("latitude"), "latitude", 90, "48.1372"), degrees(t("longitude"), "longitude", 180, "11.5755")),
    h("button", { type: "submit", class: "solid-button" }, t("share_location")),
  );
  openSheet(t("send_location"), h("h3", {}, t("places")), h("ul", { class: "rows" }, ...places), h("h3", {}, t("place_own")), form);
}

/** Offer emoji above a message; the one that stands there already is taken back. */
export function openEmoji(message, anchor) {
  const mine = message.reactions.find((one) => one.mine)?.emoji;
  anchor.focus();
  const giveBack = rememberFocus();
  const close = (back) => {
    menu.remove();
    if (back) giveBack();
  };
  const item = (emoji) => {
    const choose = () => {
      close(true);
      react(message, emoji === mine ? null : emoji);
    };
    return h("button", { type: "button", role: "menuitemcheckbox", "aria-checked": String(emoji === mine), "aria-label": t("react_with", { emoji }), onclick: choose }, emoji);
  };
  const menu = h("div", { class: "menu emoji-menu", role: "menu", "aria-label": t("react") }, ...EMOJI.map(item));
  behave(menu, menu, close);
  const screen = byId("screen");
  screen.append(menu);
  const above = anchor.closest(".message").getBoundingClientRect().top - screen.getBoundingClientRect().top;
  menu.style.top = `${Math.max(above - EMOJI_MENU_HEIGHT, HEADER_HEIGHT)}px`;
  menu.querySelector("button").focus();
}
