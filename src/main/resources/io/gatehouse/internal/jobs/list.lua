-- Returns the runs that were submitted last, in any state or in one.
-- KEYS[1]  the queue   KEYS[2]  the running runs   KEYS[3]  the ended runs   KEYS[4]  the dead runs
-- ARGV[1]  the maximum number of runs   ARGV[2]  the only state, or empty for all
-- Returns  {id, {field, value, ...}, ...}, the newest first
-- Atomic, so that a run that moves from one set to another is returned once.
local runs = string.sub(KEYS[1], 1, -2) .. 'r:'
local found = {}
for _, key in ipairs(KEYS) do
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local fields = redis.call('HMGET', runs .. id, 'submitted', 'state')
    local submitted = tonumber(fields[1] or nil)
    if submitted and (ARGV[2] == '' or ARGV[2] == fields[2]) then found[#found + 1] = {submitted, id} end
  end
end
table.sort(found, function(a, b)
  if a[1] == b[1] then return a[2] > b[2] end
  return a[1] > b[1]
end)
local reply = {}
for i = 1, math.min(#found, tonumber(ARGV[1])) do
  reply[#reply + 1] = found[i][2]
  reply[#reply + 1] = redis.call('HGETALL', runs .. found[i][2])
end
return reply
