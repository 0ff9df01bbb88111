// One message as a list item: bubble, ticks, options. A message in, nodes out; `on` does what is tapped.

import { h, icon, t, words } from "./dom.js";
import { hourAndMinute, markup, onlyEmoji } from "./format.js";

const TICKS = {
  received: "ticks", queued: "wait", sending: "wait", sent: "tick", delivered: "ticks", read: "ticks", played: "ticks",
  failed: "alert", uncertain: "question", held: "pause", cancelled: "alert", stale: "alert", noted: "pause",
};
const SEEN = new Set(["read", "played"]);
const TROUBLE = new Set(["failed", "uncertain", "held", "cancelled", "stale", "noted"]);

/** The status as an icon with words for those who do not see it. */
function ticks(message) {
  const name = TICKS[message.status];
  const classes = [name === "tick" || name === "ticks" ? "pair" : null, SEEN.has(message.status) ? "seen" : null];
  const meaning = t(`status_${message.status}`);
  return h("span", { class: classes.filter(Boolean).join(" "), title: meaning, data: { status: message.status } }, icon(name), h("span", { class: "sr-only" }, meaning));
}

function became(message) {
  if (message.instead_of) {
    const meant = h("span", { dir: "auto" }, t("sent_instead"), " ", words(message.instead_of));
    return h("p", { class: "became" }, icon("pause"), meant);
  }
  if (!TROUBLE.has(message.status)) return null;
  const reason = [t(`status_${message.status}`), message.error].filter(Boolean).join(" · ");
  return h("p", { class: message.status === "failed" ? "became bad" : "became" }, icon(TICKS[message.status]), h("span", { dir: "auto" }, reason));
}

function media(file) {
  const kind = t(file.kind);
  if (file.src === null) {
    const reason = file.error ? t("media_missing", { reason: file.error }) : t("media_pending");
    return h("div", { class: "attachment" }, icon(file.kind === "document" ? "file" : "image"), h("span", {}, file.name ?? kind, h("small", {}, reason)));
  }
  switch (file.kind) {
    case "image":
    case "sticker":
      return h("a", { class: `media ${file.kind}`, href: file.src, target: "_blank", rel: "noopener", "aria-label": t("open_file", { name: kind }) }, h("img", { src: file.src, alt: kind }));
    case "video":
      return h("div", { class: "media" }, h("video", { src: file.src, controls: true, preload: "metadata", "aria-label": kind }));
    case "audio":
    case "voice":
      return h("audio", { src: file.src, controls: true, preload: "metadata", "aria-label": kind });
    default: {
      const name = file.name ?? kind;
      return h("a", { class: "attachment", href: file.src, target: "_blank", rel: "noopener", "aria-label": t("open_file", { name }) }, icon("file"), h("span", { dir: "auto" }, name, h("small", {}, file.mime ?? kind)));
    }
  }
}

function place(at) {
  const figures = `${at.latitude.toFixed(4)}, ${at.longitude.toFixed(4)}`;
  return [
    h("span", { class: "map", "aria-hidden": "true" }, icon("pin")),
    h("span", { class: "place" }, h("strong", { dir: "auto" }, at.name ?? t("location")), h("small", { dir: "auto" }, at.address ?? figures)),
  ];
}

function card(person) {
  return h("div", { class: "attachment" }, icon("people"), h("span", { dir: "auto" }, person.name, ...person.lines.map((line) => h("small", { dir: "auto" }, line))));
}

function product(one, before) {
  const section = one.section && one.section !== before?.section ? h("h4", { dir: "auto" }, one.section) : null;
  return [section, h("div", { class: "attachment" }, icon("bag"), h("span", { dir: "auto" }, one.sku, one.detail ? h("small", {}, one.detail) : null))];
}

const replies = (message, options, on) => options.map((option) =>
  h("button", { type: "button", class: option.chosen ? "chosen" : null, dir: "auto", data: { control: option.id }, onclick: () => on.tap(message, option) }, option.chosen ? icon("check") : null, option.title, option.chosen ? h("span", { class: "sr-only" }, ` (${t("option_chosen")})`) : null),
);

const LINK_ICONS = { open: "link", call: "phone", place: "pin", event: "calendar" };

/** Buttons that open something; one that nothing can open here tells what it would do. */
const links = (all) => all.map((link) => {
  const inside = [icon(LINK_ICONS[link.does]), h("span", { dir: "auto" }, link.title, link.detail ? h("small", { dir: "auto" }, link.detail) : null)];
  return link.url === null ? h("p", {}, ...inside) : h("a", { href: link.url, target: "_blank", rel: "noopener noreferrer", data: { control: link.title } }, ...inside);
});

/** Cards to swipe through, by the keyboard too. */
function slides(message, on) {
  const items = message.slides.map((slide) =>
    h(
      "li",
      { class: "slide" },
      slide.media ? media(slide.media) : null,
      slide.title ? h("strong", { dir: "auto" }, slide.title) : null,
      slide.text ? h("div", { class: "text", dir: "auto" }, ...markup(slide.text)) : null,
      h("div", { class: "options" }, ...replies(message, slide.options, on), ...links(slide.links)),
    ),
  );
  return h("ul", { class: "slides", tabindex: "0", role: "list", "aria-label": t("slides") }, ...items);
}

function options(message, on) {
  switch (message.widget) {
    case "buttons":
      return replies(message, message.options, on);
    case "actions":
    case "slides":
      return [...replies(message, message.options, on), ...links(message.links)];
    case "list":
      return [h("button", { type: "button", "aria-haspopup": "dialog", dir: "auto", data: { control: "list" }, onclick: () => on.openList(message) }, icon("list"), message.label)];
    case "location_request":
      return [h("button", { type: "button", "aria-haspopup": "dialog", data: { control: "places" }, onclick: () => on.openPlaces() }, icon("pin"), t("share_location"))];
    case "link":
      return [h("a", { href: message.url, target: "_blank", rel: "noopener noreferrer", dir: "auto", data: { control: "link" } }, icon("link"), message.label)];
    default:
      return [];
  }
}

function reactions(message, on) {
  if (!message.reactions.length) return null;
  return h("div", { class: "reactions" }, ...message.reactions.map((one) =>
    one.mine
      ? h("button", { type: "button", "aria-label": t("take_back"), data: { control: "take back" }, title: t("take_back"), onclick: () => on.react(message, null) }, one.emoji)
      : h("span", { role: "img", "aria-label": t("reaction_theirs", { emoji: one.emoji }) }, one.emoji),
  ));
}

const REPLIES = new Set(["flow", "engine", "consent"]);

function author(message) {
  if (message.mine || REPLIES.has(message.author)) return null;
  return h("p", { class: "author" }, t(`from_${message.author}`));
}

/** What the provider was told, as a quiet line between the bubbles. */
function quietLine(message) {
  const what = h("p", { dir: "auto" }, words(message.aside));
  return h("li", { class: "beside", data: { id: message.id, status: message.status } }, what, became(message));
}

/** Build the message's list item. `first`: the first of its side in a row. */
export function messageItem(message, first, on) {
  if (message.beside) return quietLine(message);
  const at = new Date(message.at);
  const classes = ["message", message.mine ? "mine" : null, first ? "first" : null, message.widget ? "wide" : null, message.mine ? null : message.status];
  const body = message.text ? h("div", { class: "text", dir: "auto" }, ...markup(message.text)) : null;
  const aside = message.aside ? h("div", { class: "aside", dir: "auto" }, words(message.aside)) : null;
  const large = message.kind === "text" && onlyEmoji(message.text);
  const bubble = h(
    "div",
    { class: large ? "bubble big" : "bubble" },
    h("span", { class: "sr-only" }, `${t(message.mine ? "from_contact" : `from_${message.author}`)}: `),
    author(message),
    message.quote ? h("span", { class: "quote", dir: "auto" }, h("span", {}, words(message.quote))) : null,
    message.header ? h("p", { class: "header", dir: "auto" }, message.header) : null,
    message.media ? media(message.media) : null,
    ...(message.place ? place(message.place) : []),
    ...message.cards.map(card),
    message.products.length ? h("div", { role: "group", "aria-label": t("products") }, ...message.products.flatMap((one, index) => product(one, message.products[index - 1]))) : null,
    body,
    aside,
    message.footer ? h("p", { class: "footer", dir: "auto" }, message.footer) : null,
    h("div", { class: "meta" }, h("time", { datetime: message.at }, hourAndMinute(at)), ticks(message)),
  );
  const taps = options(message, on);
  const react = message.mine || !message.external_id ? null
    : h("button", { type: "button", class: "icon-button react-button", "aria-haspopup": "menu", "aria-label": t("react"), data: { control: "react" }, onclick: (event) => on.openEmoji(message, event.currentTarget) }, icon("smile"));
  return h(
    "li",
    { class: classes.filter(Boolean).join(" "), data: { id: message.id } },
    h("div", { class: "stack" }, bubble, reactions(message, on), message.slides.length ? slides(message, on) : null, taps.length ? h("div", { class: "options" }, ...taps) : null, became(message)),
    react,
  );
}
