// Lists the pages this device still has, and goes back as soon as Evenfall answers.
const NAMES = [
  [/^\/$/, "Tonight"], [/^\/oncall\//, "On call"], [/^\/incidents\/$/, "Incidents"],
  [/^\/incidents\/(\d+)\/$/, "Incident"], [/^\/pages\/(\d+)\/$/, "Page"], [/^\/inbox\/$/, "Inbox"],
];

function named(path) {
  for (const [pattern, name] of NAMES) {
    const found = pattern.exec(path);
    if (found) return found[1] ? `${name} ${found[1]}` : name;
  }
  return path;
}

async function list() {
  const cache = await caches.open("seen");
  const box = document.querySelector("[data-seen-pages]");
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    const answer = await cache.match(request);
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.className = "row-title row-link row-main";
    link.href = path;
    link.textContent = named(path);
    const when = document.createElement("span");
    when.className = "row-side";
    const seen = Date.parse(answer.headers.get("Date") ?? "");
    when.textContent = seen ? new Date(seen).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : "";
    row.append(link, when);
    box.append(row);
  }
  document.querySelector("[data-seen]").hidden = !box.children.length;
}

// To be in a network is not to reach Evenfall; and whoever goes to another page meanwhile gets that
// page: the question ends with this one, while a reload would take the reader back.
async function comeBack() {
  const answer = await fetch("/livez", { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok) location.reload();
}

list();
if (location.pathname !== "/offline") {
  addEventListener("online", comeBack);
  setInterval(comeBack, 3000);
}
