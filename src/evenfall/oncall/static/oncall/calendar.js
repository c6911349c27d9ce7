// The calendar by hand: a tap opens a duty as a sheet, a drag over a lane of the week chooses hours
// and opens the form for them. Without this file the same pages open as pages.

const HOUR = 3_600_000, LEAST = 8; // a shorter way of the pointer is a tap

function startSheet() {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-duty]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = link.getAttribute("href");
    htmx.ajax("GET", address, { target: "#duty", swap: "innerHTML" })
      .then(() => sheet.showModal?.(), () => { location.href = address; });
  });
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
  });
}

// Where the days begin, as instants: a day in which the clocks change has 23 or 25 hours.
const seamsOf = (lane) => lane.dataset.seams.split(" ").map(Date.parse);

function hoursOf(seams) {
  const hours = [];
  seams.slice(0, -1).forEach((start, day) => {
    for (let at = start; at < seams[day + 1]; at += HOUR) hours.push(at);
  });
  return [...hours, seams.at(-1)];
}

function shareOf(seams, at) {
  const day = Math.max(0, seams.findLastIndex((seam, i) => seam <= at && i < seams.length - 1));
  return (day + (at - seams[day]) / (seams[day + 1] - seams[day])) / (seams.length - 1);
}

function nearest(seams, hours, share) {
  const place = Math.min(Math.max(share, 0), 1) * (seams.length - 1);
  const day = Math.min(Math.floor(place), seams.length - 2);
  const at = seams[day] + (place - day) * (seams[day + 1] - seams[day]);
  return hours.reduce((best, hour) => (Math.abs(hour - at) < Math.abs(best - at) ? hour : best));
}

// What is chosen on one lane, as two places in the list of hours.
class Choice {
  constructor(lane) {
    this.lane = lane;
    this.seams = seamsOf(lane);
    this.hours = hoursOf(this.seams);
    this.zone = document.querySelector(".cal-zone strong")?.textContent.split(" (")[0].replace(/ /g, "_");
    this.box = Object.assign(document.createElement("div"), { className: "cal-chosen", hidden: true });
    this.said = Object.assign(document.createElement("output"), { className: "cal-said", hidden: true });
    lane.append(this.box, this.said);
    this.from = this.to = -1;
  }
  place(event) {
    const strip = this.lane.querySelector("svg").getBoundingClientRect();
    return this.hours.indexOf(nearest(this.seams, this.hours, (event.clientX - strip.left) / strip.width));
  }
  ends() { return [Math.min(this.from, this.to), Math.max(this.from, this.to)]; }
  words() {
    const options = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    let format;
    try { format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: this.zone }); }
    catch { format = new Intl.DateTimeFormat("en-GB", options); }
    return this.ends().map((place) => format.format(this.hours[place])).join(" to ");
  }
  show() {
    const [low, high] = this.ends().map((place) => shareOf(this.seams, this.hours[place]));
    const strip = this.lane.querySelector("svg");
    this.box.hidden = this.said.hidden = this.from < 0;
    this.box.style.left = `${low * 100}%`;
    this.box.style.width = `${Math.max(high - low, 0.002) * 100}%`;
    this.box.style.height = `${strip.getBoundingClientRect().height}px`;
    this.said.textContent = this.words();
    this.keys?.setAttribute("aria-valuenow", this.to);
    this.keys?.setAttribute("aria-valuetext", this.words());
  }
  clear() { this.from = this.to = -1; this.box.hidden = this.said.hidden = true; }
  open() {
    const [low, high] = this.ends();
    if (low < 0 || low === high) return;
    const [starts, ends] = [low, high].map((place) => new Date(this.hours[place]).toISOString());
    location.href = `${this.lane.dataset.drag}?${new URLSearchParams({ starts, ends })}`;
  }
}

function byPointer(lane, choice) {
  let startX = null;
  lane.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch" || event.target.closest(".cal-name")) return;
    startX = event.clientX;
    choice.from = choice.to = choice.place(event);
  });
  lane.addEventListener("pointermove", (event) => {
    if (startX === null || Math.abs(event.clientX - startX) < LEAST) return;
    lane.setPointerCapture(event.pointerId);
    choice.to = choice.place(event);
    choice.show();
  });
  lane.addEventListener("pointerup", (event) => {
    const dragged = startX !== null && Math.abs(event.clientX - startX) >= LEAST;
    startX = null;
    if (dragged) choice.open(); else choice.clear();
  });
  lane.addEventListener("pointercancel", () => { startX = null; choice.clear(); });
  lane.addEventListener("dragstart", (event) => event.preventDefault());
}

function byKeyboard(lane, choice) {
  const last = choice.hours.length - 1;
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 24, PageDown: -24, Home: -last, End: last };
  const keys = Object.assign(document.createElement("div"), { className: "cal-keys", tabIndex: 0 });
  const attributes = { role: "slider", "aria-valuemin": 0, "aria-valuemax": last, "aria-valuenow": 0,
    "aria-label": `Hours of ${lane.dataset.rota} to change. Shift and arrows choose, Enter opens the form`,
    "aria-valuetext": "nothing chosen" };
  for (const [name, value] of Object.entries(attributes)) keys.setAttribute(name, value);
  lane.append(keys);
  choice.keys = keys;
  keys.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      choice.to = Math.min(Math.max(Math.max(choice.to, 0) + step, 0), last);
      if (!event.shiftKey || choice.from < 0) choice.from = event.shiftKey ? choice.to - step : choice.to;
      choice.from = Math.min(Math.max(choice.from, 0), last);
      choice.show();
    } else if (event.key === "Enter") choice.open();
    else if (event.key === "Escape") choice.clear();
  });
}

function startLanes(scope) {
  for (const lane of scope.querySelectorAll("[data-drag]:not([data-ready])")) {
    lane.dataset.ready = "yes";
    const choice = new Choice(lane);
    byPointer(lane, choice);
    byKeyboard(lane, choice);
  }
}

startSheet();
startLanes(document);
document.addEventListener("htmx:afterSettle", () => startLanes(document));
if (matchMedia("(width < 48rem)").matches && !location.hash)
  document.querySelector("#today")?.scrollIntoView({ block: "start" });
