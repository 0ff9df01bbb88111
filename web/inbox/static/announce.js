// What changed without being looked at, said to screen readers.

/** Say a sentence politely; the same one twice is said twice. */
export function announce(sentence) {
  const said = document.getElementById("said");
  if (!said) return;
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = sentence; });
}
