// Relative times that tick. The words are those of web/logic/times.py.
const MINUTE = 60, HOUR = 3600, DAY = 86400;

function length(size) {
  if (size < HOUR) return `${Math.floor(size / MINUTE)} min`;
  return size < 2 * DAY ? `${Math.floor(size / HOUR)} h` : `${Math.floor(size / DAY)} days`;
}

function relative(seconds) {
  const size = Math.abs(seconds);
  if (size < MINUTE) return seconds <= 0 ? "just now" : "in a moment";
  return seconds < 0 ? `${length(size)} ago` : `in ${length(size)}`;
}

function lasting(seconds) {
  return -seconds < MINUTE ? "less than a minute" : length(-seconds);
}

function tick() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const say = element.dataset.relative === "lasting" ? lasting : relative;
    const words = say((Date.parse(element.dateTime) - Date.now()) / 1000);
    if (element.textContent !== words) element.textContent = words;
  }
}

function start() {
  setInterval(tick, 10_000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}

start();
