// The emoji picker: a small list of our own, found by words, steered by arrows.

import { insert } from "./composer.js";
import { place } from "./chat.js";
import { t } from "./texts.js";

const LIST = `
😀 grin happy|😃 smile happy|😄 laugh happy|😁 beam grin|😅 sweat relief|😂 joy tears laugh|🙂 smile|🙃 upside down|😉 wink|😊 blush smile
😇 angel halo|🥰 love hearts|😍 heart eyes love|😘 kiss|😋 yum tasty|😜 wink tongue|🤗 hug|🤔 think hmm|🤨 raised eyebrow|😐 neutral
😏 smirk|🙄 roll eyes|😬 grimace|😌 relieved calm|😔 sad pensive|😴 sleep tired|😷 mask ill|🤒 ill fever|🤧 sneeze cold|🥳 party celebrate
😎 cool sunglasses|🤓 nerd|😕 confused|😟 worried|😮 wow surprise|😳 flushed|🥺 please pleading|😢 cry sad|😭 sob cry|😱 scream shock
😤 huff|😡 angry|🤬 curse angry|💔 broken heart|❤️ heart love red|🧡 heart orange|💛 heart yellow|💚 heart green|💙 heart blue|💜 heart purple
👍 thumbs up yes good|👎 thumbs down no bad|👌 ok good|✌️ victory peace|🤞 fingers crossed luck|🤝 handshake deal|👏 clap bravo|🙌 hooray hands|🙏 please thanks pray|💪 strong muscle
👋 wave hello bye|✋ stop hand|👉 right point|👈 left point|👆 up point|👇 down point|✍️ write|👀 eyes look|🧑 person|👨‍👩‍👧 family
🎉 party tada|🎂 cake birthday|🎁 gift present|🎈 balloon|⭐ star|✨ sparkles new|🔥 fire hot|💯 hundred perfect|✅ check done yes|❌ cross no wrong
⚠️ warning|❓ question|❗ exclamation|💡 idea bulb|🔔 bell reminder|📌 pin|📎 clip attach|📝 note write|📅 calendar date|⏰ alarm clock time
⏳ hourglass wait|📞 phone call|📱 mobile phone|💬 speech chat|✉️ letter mail|📦 package parcel|🚚 truck delivery|🛵 scooter delivery|🏠 house home|📍 place location
🛒 cart shop|💳 card pay|💰 money bag|🧾 receipt bill|🏷️ tag price|🔑 key|🔒 lock|🔧 wrench repair|🩺 doctor health|💊 pill medicine
🍕 pizza|🍔 burger|🌮 taco|🍣 sushi|🍝 pasta|🥗 salad|🍰 cake|🍪 cookie|☕ coffee|🍵 tea
🍺 beer|🍷 wine|🥤 drink|🍎 apple|🌹 rose flower|🌻 sunflower|🌈 rainbow|☀️ sun|🌧️ rain|❄️ snow cold
✈️ plane flight|🚗 car|🚆 train|🏨 hotel|🏖️ beach holiday|⚽ football|🎵 music|📷 camera photo|🎬 film|🐶 dog
`.trim().split(/[\n|]/).map((entry) => {
  const [sign, ...words] = entry.split(" ");
  return { sign, words: words.join(" ") };
});

const by = (id) => document.getElementById(id);

function draw() {
  const wanted = by("emoji-words").value.trim().toLowerCase();
  const found = LIST.filter(({ words }) => words.includes(wanted));
  const grid = by("emoji-grid");
  grid.replaceChildren(...found.map(({ sign, words }, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = at ? -1 : 0;
    button.dataset.sign = sign;
    button.textContent = sign;
    button.title = words;
    button.setAttribute("aria-label", words);
    return button;
  }));
  if (!found.length) grid.textContent = t("emoji_none");
}

// Before it opens, as "toggle" comes later and would take what was typed meanwhile.
document.addEventListener("beforetoggle", (event) => {
  if (event.newState !== "open" || event.target.id !== "emoji") return;
  by("emoji-words").value = "";
  draw();
}, true);

document.addEventListener("toggle", (event) => {
  if (event.newState !== "open" || !["emoji", "more"].includes(event.target.id)) return;
  place(event.target, by(`${event.target.id}-open`));
  (event.target.id === "emoji" ? by("emoji-words") : event.target.querySelector("button")).focus();
}, true);

document.addEventListener("input", ({ target }) => { if (target.id === "emoji-words") draw(); });

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-sign]");
  if (!button) return;
  by("emoji").hidePopover();
  insert(button.dataset.sign);
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (!target.closest?.("#emoji")) return;
  const all = [...by("emoji-grid").querySelectorAll("button")];
  if (!all.length) return;
  if (target.id === "emoji-words") {
    if (key === "Enter") all[0].click();
    else if (key === "ArrowDown") all[0].focus();
    else return;
    event.preventDefault();
    return;
  }
  const across = Math.max(1, Math.floor(by("emoji-grid").clientWidth / all[0].offsetWidth));
  const way = document.documentElement.dir === "rtl" ? -1 : 1;
  const step = { ArrowRight: way, ArrowLeft: -way, ArrowDown: across, ArrowUp: -across }[key];
  if (!step) return;
  event.preventDefault();
  const next = all.indexOf(target) + step;
  if (next < 0) by("emoji-words").focus();
  else all[Math.min(next, all.length - 1)].focus();
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("#more");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("button, input")];
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
});
