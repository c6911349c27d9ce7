// Relative times that tick. The words are those of web/logic/times.py.
const MINUTE = 60, HOUR = 3600, DAY = 86400;

function relative(seconds) {
  const size = Math.abs(seconds);
  if (size < MINUTE) return seconds <= 0 ? "just now" : "in a moment";
  const words =
    size < HOUR ? `${Math.floor(size / MINUTE)} min`
    : size < 2 * DAY ? `${Math.floor(size / HOUR)} h`
    : `${Math.floor(size / DAY)} days`;
  return seconds < 0 ? `${words} ago` : `in ${words}`;
}

function tick() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const words = relative((Date.parse(element.dateTime) - Date.now()) / 1000);
    if (element.textContent !== words) element.textContent = words;
  }
}

function start() {
  setInterval(tick, 10_000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}

start();
