// Times that go on: the same short forms as web/inbox/times.py, and the day in the agent's own time zone.

import { t } from "./texts.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON = 2 * HOUR;
const LAST = MINUTE * 30;

const { lang } = document.documentElement;
const locale = navigator.languages.find((one) => one.startsWith(lang)) ?? lang;
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const whole = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

function length(ms) {
  if (ms < HOUR) return t("minutes", { m: Math.floor(ms / MINUTE) });
  if (ms < 2 * DAY) return t("hours", { h: Math.floor(ms / HOUR) });
  return t("days", { d: Math.floor(ms / DAY) });
}

/** How long ago something was; after a week the day itself. */
export function ago(at, now = Date.now()) {
  const since = now - at;
  if (since < MINUTE) return t("now");
  if (since < 7 * DAY) return length(since);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayAndYear.format(at);
}

/** How long something has lasted, however long. */
export function lasted(since, now = Date.now()) {
  return now - since < MINUTE ? t("now") : length(now - since);
}

/** How long it is until then, with the minutes of the last hours. */
export function left(until, now = Date.now()) {
  const rest = Math.max(until - now, MINUTE);
  const minutes = Math.floor((rest % HOUR) / MINUTE);
  if (rest >= HOUR && rest < 2 * HOUR && minutes) return t("hours_minutes", { h: 1, m: minutes });
  return length(rest);
}

const ahead = new WeakMap();

/**
 * What time it is by the clock that a part of the page goes by: its line's, or the server's; a browser's may be wrong.
 * How far that is ahead of this browser's is told once, when the part came.
 */
export function clockOf(part, now = Date.now()) {
  const told = part.closest("[data-now]");
  if (!ahead.has(told)) ahead.set(told, Date.parse(told.dataset.now) - now);
  return now + ahead.get(told);
}

/** Set a countdown by what the server says of its clock, and of the window where it is known. */
export function setWindow(part, { now, closes }) {
  if (closes) part.dataset.closes = closes;
  ahead.set(part, Date.parse(now) - Date.now());
  tickWindow(part, Date.now());
}

function tickWindow(part, now) {
  const rest = Date.parse(part.dataset.closes) - clockOf(part, now);
  const level = rest <= 0 ? "closed" : rest < LAST ? "last" : rest < SOON ? "soon" : "calm";
  const text = part.querySelector(".window-text");
  if (!part.classList.contains(level)) {
    part.classList.remove("calm", "soon", "last", "closed");
    part.classList.add(level);
  }
  text.textContent = level === "closed" ? t("window_closed") : left(now + rest, now);
  part.querySelector(".sr-only").textContent = level === "closed" ? t("window_over") : t("window_open", { time: "" });
  const share = Math.max(0, Math.min(100, Math.round((100 * rest) / DAY)));
  part.querySelector(".ring-left")?.setAttribute("stroke-dasharray", `${share} 100`);
}

/** Bring every time below `root` up to now. */
export function tick(root = document) {
  const now = Date.now();
  for (const part of [root, ...root.querySelectorAll("[data-now]")]) if (part.dataset?.now) clockOf(part, now);
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const at = Date.parse(time.dateTime);
    time.textContent = ago(at, clockOf(time, now));
    time.title = whole.format(at);
  }
  for (const part of root.querySelectorAll(".window[data-closes]")) tickWindow(part, now);
  for (const chip of root.querySelectorAll(".chip[data-since]")) {
    const since = Date.parse(chip.dataset.since);
    const there = clockOf(chip, now);
    const key = "late" in chip.dataset ? "late_for" : there - since < MINUTE ? "waits_new" : "waits_for";
    chip.querySelector("[data-shown]").textContent = t(key, { time: lasted(since, there) });
  }
  for (const chip of root.querySelectorAll(".chip[data-until]")) {
    const rest = left(Date.parse(chip.dataset.until), clockOf(chip.closest(".regions"), now));
    chip.querySelector("[data-shown]").textContent = t("snoozed_for", { time: rest });
  }
}
