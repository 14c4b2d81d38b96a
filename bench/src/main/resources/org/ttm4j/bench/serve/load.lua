-- Arguments after the address and --: requests a second of all connections together (0: as many as they take), and the
-- file of a body to post, if any. At a rate, each request has its moment, which does not move when an answer is late.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanos; } moment_t; int clock_gettime(int clock, moment_t *now);")
local MONOTONIC = 1

function init(args)
  local rate = tonumber(args[1])
  if args[2] then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = io.open(args[2]):read("*a")
  end
  if rate == 0 then return end
  local now = ffi.new("moment_t")
  local next = nil
  -- The milliseconds until the connection that is free may send.
  delay = function()
    ffi.C.clock_gettime(MONOTONIC, now)
    local seconds = tonumber(now.seconds) + tonumber(now.nanos) / 1e9
    next = next and next + 1 / rate or seconds
    return math.max(0, math.floor((next - seconds) * 1000 + 0.5))
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("requests %d\nmicroseconds %d\np99 %d\nrefused or failed %d\nbroken %d\n", summary.requests,
    summary.duration, latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
