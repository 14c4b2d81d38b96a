-- Arguments after the address and --: requests a second of all connections together (0: as many as they take), and the
-- files of bodies to post in turns, if any. In place of @ is a number that no other request has, of no run: a series that
-- the service has forecast is not forecast again. At a rate, each request has its moment, which does not move when an
-- answer is late or all connections are busy, and its latency counts from there.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanos; } moment_t; int clock_gettime(int clock, moment_t *now);")
local MONOTONIC = 1
local moment = ffi.new("moment_t")
local sent = {}
local due = {} -- the moments of requests that wait for it, soonest first
local count
local headers = {}
local bodies = {}
local worker

-- Of the answers of status 200.
micros = {}
refused = 0
failed = 0

local function now()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanos) / 1e9
end

function setup(thread) worker = thread end

function init(args)
  local rate = tonumber(args[1])
  -- Runs begin one after the other, and none sends as many in a second.
  count = math.floor(now() * 1e5)
  for i = 2, #args do
    wrk.method = "POST"
    headers["Content-Type"] = "application/json"
    local before, after = io.open(args[i]):read("*a"):match("^([^@]*)@(.*)$")
    bodies[i - 1] = {before, after}
  end
  if rate == 0 then return end
  local next
  -- The milliseconds until the connection that is free may send.
  delay = function()
    local time = now()
    next = next and next + 1 / rate or time
    due[#due + 1] = next
    return math.max(0, math.floor((next - time) * 1000 + 0.5))
  end
end

function request()
  count = count + 1
  local id = string.format("%.0f", count)
  headers["X-Request-Id"] = id
  sent[id] = table.remove(due, 1) or now()
  local body = bodies[count % #bodies + 1]
  return wrk.format(nil, nil, headers, body and body[1] .. id .. body[2])
end

function response(status, answer)
  local id = answer["X-Request-Id"]
  if status == 200 then
    micros[#micros + 1] = math.floor((now() - sent[id]) * 1e6)
  elseif status == 429 then
    refused = refused + 1
  else
    failed = failed + 1
  end
  sent[id] = nil
end

function done(summary)
  local times = worker:get("micros")
  table.sort(times)
  local errors = summary.errors
  io.write(string.format("microseconds %d\nanswered %d\np99 %d\nrefused %d\nfailed %d\nbroken %d\n", summary.duration,
    #times, times[math.ceil(0.99 * #times)] or 0, worker:get("refused"), worker:get("failed"),
    errors.connect + errors.read + errors.write + errors.timeout))
end
