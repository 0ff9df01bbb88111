// How menus behave, whatever they offer: arrows move, Escape and a press elsewhere close.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Make `menu` behave; `close` is called with whether the focus should go back to what opened it. */
export function behave(menu, inside, close) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close(true);
      return;
    }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll("button")];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
  const outside = (event) => {
    if (!menu.isConnected) document.removeEventListener("pointerdown", outside);
    else if (!inside.contains(event.target)) close(false);
  };
  document.addEventListener("pointerdown", outside);
}
