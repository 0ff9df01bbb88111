// Small helpers to make elements without HTML strings: whatever a contact or a bot writes stays text.

const boot = JSON.parse(document.getElementById("boot").textContent);

export const base = boot.base;
export const start = boot.contact;
export const suggestions = boot.suggestions;
export const fileBytes = boot.file_bytes;

/** The words of `key`, with `{name}` filled in from `values`. */
export function t(key, values = {}) {
  return boot.texts[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Words as they came, or the page's own for a key. */
export const words = (text) => (typeof text === "string" ? text : t(text.key, text.values));

/** The words for an error of the server's by its code, where we have our own. */
export const errorWords = (code) => boot.texts[`error_${code}`];

export const byId = (id) => document.getElementById(id);

/** Make an element: properties and `on…` handlers by name, `data`, `aria-…` and the rest as attributes. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${base}/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Two letters for an avatar: whole characters, never half an emoji. */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0]).join("").toLocaleUpperCase();
}

export function tone(phone) {
  return `tone-${Number(phone.slice(-2)) % 6}`;
}
