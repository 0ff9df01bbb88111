// The supervisor's page: days are those of who looks; what moves stays where it is looked at.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const dialog = document.getElementById("act");

const here = new URL(location.href);
if (here.searchParams.get("zone") !== zone) {
  here.searchParams.set("zone", zone);
  history.replaceState({}, "", here);
  document.addEventListener("DOMContentLoaded", () => {
    window.htmx.ajax("GET", `${here.pathname}/now${here.search}`, { target: "#supervise-now", swap: "innerHTML" });
  });
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const isPoll = event.detail.elt.classList.contains("supervise-now");
  if (isPoll && (document.hidden || dialog.open || event.detail.elt.contains(document.activeElement))) event.preventDefault();
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === dialog && !dialog.open) dialog.showModal();
  else if (event.detail.target.id === "supervise-now" && dialog.open) dialog.close();
});

document.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest?.("[data-dismiss-act]")) dialog.close();
});
