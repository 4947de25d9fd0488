-- wrk's side of load.py: GET the listed paths in turn; of two threads each has a half of them.
local threads = 0
local requests = {}
local first = 0
local count = 1
local at = 0

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

function init(arguments)
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path, { ["Accept"] = arguments[2] })
  end
  count = math.max(1, math.floor(#requests / 2))
  first = math.min(place * count, #requests - count)
end

function request()
  at = at % count + 1
  return requests[first + at]
end

function done(summary)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('\n{"requests": %d, "seconds": %.6f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, errors))
end
