// The strings that scripts show; the server writes them into the page.

const TEXTS = JSON.parse(document.querySelector('meta[name="texts"]')?.content ?? "{}");

/** Return a string with its places filled. */
export function t(key, values = {}) {
  return (TEXTS[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
