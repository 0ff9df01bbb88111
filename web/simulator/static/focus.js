// Keeps the keyboard's place when what held it is made anew.

/** Note where the focus is; the result brings it back there, also to a message that was drawn again meanwhile. */
export function rememberFocus() {
  const held = document.activeElement;
  const id = held?.closest(".message")?.dataset.id;
  const { control } = held?.dataset ?? {};
  return () => {
    const message = id && document.querySelector(`.message[data-id="${id}"]`);
    const redrawn = message && [...message.querySelectorAll("[data-control]")].find((one) => one.dataset.control === control);
    (held.isConnected ? held : redrawn)?.focus({ preventScroll: true });
  };
}
