// Times, durations and WhatsApp's markup as the page shows them.

import { h, t } from "./dom.js";

const locale = navigator.language;
const clockTime = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockDate = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" });
const longDate = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });

export const hourAndMinute = (at) => clockTime.format(at);
export const shortDate = (at) => clockDate.format(at);
export const dayOf = (at) => at.toDateString();
export const dayName = (at, now) => (dayOf(at) === dayOf(now) ? t("today") : longDate.format(at));
export const dateAndTime = (at) => `${clockDate.format(at)}, ${clockTime.format(at)}`;

/** A length of time in its two largest units, for reading rather than counting. */
export function duration(seconds) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return t("less_than_minute");
  if (hours < 1) return t("minutes", { m: minutes });
  if (hours >= 48) return t("days_hours", { d: Math.floor(hours / 24), h: hours % 24 });
  return minutes % 60 ? t("hours_minutes", { h: hours, m: minutes % 60 }) : t("hours", { h: hours });
}

/** Whether a text is one to three emoji and nothing else, which phones show large. */
export function onlyEmoji(text) {
  return /^(\p{RGI_Emoji}\s*){1,3}$/v.test(text.trim());
}

const MARKUP = [
  { tag: "code", pattern: /```([^]+?)```|`([^`\n]+)`/ },
  { tag: "a", pattern: /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/ },
  { tag: "strong", pattern: /(?<![\p{L}\p{N}*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\p{L}\p{N}*])/u },
  { tag: "em", pattern: /(?<![\p{L}\p{N}_])_(?!\s)([^_\n]+?)(?<!\s)_(?![\p{L}\p{N}_])/u },
  { tag: "s", pattern: /(?<![\p{L}\p{N}~])~(?!\s)([^~\n]+?)(?<!\s)~(?![\p{L}\p{N}~])/u },
];

/** WhatsApp's `*bold* _italic_ ~strike~` and code, and links, as nodes; everything else is plain text. */
export function markup(text) {
  let first = null;
  for (const { tag, pattern } of MARKUP) {
    const found = pattern.exec(text);
    if (found && (first === null || found.index < first.found.index)) first = { tag, found };
  }
  if (first === null) return text ? [text] : [];
  const { tag, found } = first;
  const [whole] = found;
  const inner = found[1] ?? found[2] ?? whole;
  const node =
    tag === "a"
      ? h("a", { href: whole, target: "_blank", rel: "noopener noreferrer" }, whole)
      : h(tag, {}, ...(tag === "code" ? [inner] : markup(inner)));
  const before = text.slice(0, found.index);
  return [...(before ? [before] : []), node, ...markup(text.slice(found.index + whole.length))];
}
