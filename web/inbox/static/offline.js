// Loads the inbox again as soon as it can be reached: the browser's word of a network may come too early, or never.

const LOOK_MS = 3_000;

async function look() {
  try {
    await fetch("/inbox/manifest.webmanifest", { cache: "no-store" });
    location.reload();
  } catch {
    setTimeout(look, LOOK_MS);
  }
}

addEventListener("online", () => location.reload());
document.getElementById("again").addEventListener("click", () => location.reload());
setTimeout(look, LOOK_MS);
