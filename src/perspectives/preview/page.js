// Follows the files: the page is loaded anew after a change, in its tab, with the sources open that were open.
const version = document.documentElement.dataset.version;
const status = document.querySelector("[role=status]");
let events;
function follow() {
  events?.close();
  // A browser has six connections to a server: pages that nobody sees leave theirs to the others.
  if (document.hidden) return;
  events = new EventSource("/events?" + version);
  events.onopen = () => (status.textContent = "Follows the file.");
  events.onmessage = () => location.reload();
  events.onerror = () => (status.textContent = "The preview has ended.");
}
document.addEventListener("visibilitychange", follow);
follow();
for (const details of document.querySelectorAll("details")) {
  const key = location.search + "#" + details.id;
  details.open = sessionStorage.getItem(key) === "open";
  details.addEventListener("toggle", () => sessionStorage.setItem(key, details.open ? "open" : ""));
}
