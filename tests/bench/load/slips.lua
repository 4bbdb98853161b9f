-- What a unit does with its slips: acknowledges each, then contacts the customer, then reports progress again and again.
-- SLIPS: a file of the unit's cookie, its CSRF token, and lines `SLIP VERSION`, all fresh.
local file = io.open(os.getenv("SLIPS"))
local headers = {["Content-Type"] = "application/json", ["Cookie"] = file:read("*l"), ["X-CSRF-Token"] = file:read("*l")}
local slips = {}
for line in file:lines() do
  local id, version = line:match("(%S+) (%d+)")
  slips[#slips + 1] = {id = id, version = tonumber(version)}
end
local bodies = {
  {"acknowledge", "{}"},
  {"contact_customer", '{"summary":"已与客户通话，说明今晚停业后检修。"}'},
  {"progress", '{"content":"备件已到现场，正在更换。"}'},
}
local n = -1
request = function()
  n = n + 1
  local round = math.floor(n / #slips)
  local slip = slips[n % #slips + 1]
  local command = bodies[math.min(round, 2) + 1]
  headers["If-Match"] = '"' .. (slip.version + round) .. '"'
  return wrk.format("POST", "/api/v1/slips/" .. slip.id .. "/commands/" .. command[1], headers, command[2])
end
