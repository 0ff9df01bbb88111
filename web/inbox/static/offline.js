// Loads the inbox again as soon as there is a network.

addEventListener("online", () => location.reload());
document.getElementById("again").addEventListener("click", () => location.reload());
