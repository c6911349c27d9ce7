// Live parts of a page. An element with data-live="incident:17 alert" and hx-get is fetched
// again when one of those subjects changes. One connection serves the whole page; it is closed
// while the page is hidden, because a browser allows only six to a host. Each connection begins
// where the page was read or the one before it ended, so that nothing is missed in between.
const FIRST_PAUSE = 1000, LONGEST_PAUSE = 30_000, GATHER = 150;

let since = document.body.dataset.liveFrom ?? "";
let source = null, listening = "", pause = FIRST_PAUSE, retry = 0, gathering = 0;
const waiting = new Set();

const parts = () => [...document.querySelectorAll("[data-live]")];
const topicsOf = (part) => part.dataset.live.split(/\s+/).filter(Boolean);

function prepare(scope) {
  const own = scope.matches?.("[data-live][hx-get]") ? [scope] : [];
  for (const part of [...own, ...(scope.querySelectorAll?.("[data-live][hx-get]") ?? [])]) {
    if (!part.hasAttribute("hx-trigger")) part.setAttribute("hx-trigger", "live");
    if (!part.hasAttribute("hx-swap")) part.setAttribute("hx-swap", "outerHTML");
  }
}

function showOffline(offline) {
  const bar = document.querySelector("[data-offline]");
  if (bar) bar.hidden = !offline;
}

const isEdited = (part) =>
  part.contains(document.activeElement) &&
  document.activeElement.matches("input:not([type=submit]), textarea, select");

function refresh() {
  for (const part of [...waiting]) {
    if (isEdited(part)) continue; // never pull a field away from under somebody's fingers
    waiting.delete(part);
    if (!part.isConnected) continue;
    part.dispatchEvent(new CustomEvent("live", { bubbles: false }));
  }
}

// "*" is what the server says where it cannot know any more what changed since.
function changed(subjects) {
  for (const part of parts())
    if (subjects.has("*") || topicsOf(part).some((topic) => subjects.has(topic))) waiting.add(part);
  clearTimeout(gathering);
  gathering = setTimeout(refresh, GATHER);
}

function close() {
  source?.close();
  source = null;
  clearTimeout(retry);
}

function connect() {
  close();
  const topics = [...new Set(parts().flatMap(topicsOf))].sort().join(",");
  listening = topics;
  if (!topics || document.hidden) return;
  source = new EventSource(`/live?${new URLSearchParams({ topics, since })}`);
  source.addEventListener("open", () => {
    pause = FIRST_PAUSE;
    showOffline(false);
  });
  source.addEventListener("changed", (event) => {
    since = event.lastEventId;
    changed(new Set(event.data.split(" ")));
  });
  source.addEventListener("error", () => {
    close();
    if (pause > FIRST_PAUSE) showOffline(true); // a single hiccup is nobody's business
    retry = setTimeout(connect, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
}

// What somebody opened stays open when the part around it comes anew.
let opened = [];
const remember = ({ detail }) => {
  opened = [...(detail.target?.querySelectorAll("details[open][id]") ?? [])].map((one) => one.id);
};
const reopen = () => {
  for (const id of opened.splice(0)) document.getElementById(id)?.setAttribute("open", "");
};

function follow() {
  const topics = [...new Set(parts().flatMap(topicsOf))].sort().join(",");
  if (topics !== listening) connect();
}

function start() {
  prepare(document);
  document.addEventListener("htmx:beforeProcessNode", ({ detail }) => prepare(detail.elt));
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSwap", reopen);
  document.addEventListener("htmx:afterSettle", follow);
  document.addEventListener("focusout", () => setTimeout(refresh, GATHER));
  showOffline(!navigator.onLine); // a page from the device's own cache
  addEventListener("offline", () => showOffline(true));
  addEventListener("online", () => { showOffline(false); pause = FIRST_PAUSE; connect(); });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : connect()));
  addEventListener("DOMContentLoaded", connect); // htmx, which fetches, is ready by then
}

start();
