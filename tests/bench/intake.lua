-- Alerts for wrk. Arguments after "--": path, alerts in a request, number of label sets (0: each
-- alert is a new one), a word that makes the new ones of this run unlike all others.
local path, batch, sets, run, sequence

function init(arguments)
  path, batch, sets, run = arguments[1], tonumber(arguments[2]), tonumber(arguments[3]), arguments[4]
  sequence = 0
  math.randomseed(os.time())
  wrk.headers["Content-Type"] = "application/json"
end

local function alert()
  local name
  if sets == 0 then
    sequence = sequence + 1
    name = run .. "-" .. sequence
  else
    name = "host" .. math.random(sets)
  end
  return '{"labels":{"alertname":"CPUHigh","instance":"' .. name ..
    '","severity":"critical","job":"node"},"annotations":{"summary":"CPU high on ' .. name ..
    '"},"generatorURL":"http://p/graph"}'
end

function request()
  local alerts = {}
  for position = 1, batch do alerts[position] = alert() end
  return wrk.format("POST", path, nil, "[" .. table.concat(alerts, ",") .. "]")
end

function done(summary, latency)
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"refused":%d,"broken":%d,"p50_ms":%f,"p99_ms":%f}\n',
    summary.requests, summary.duration / 1e6, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
