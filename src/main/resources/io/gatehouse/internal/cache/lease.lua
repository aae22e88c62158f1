-- Lets one of all nodes fill an entry, unless somebody has done so meanwhile.
-- KEYS[1]  string: the entry; KEYS[2] string: its fill lease; KEYS[3] string: the fence of its region
-- KEYS[4..] strings: the stamps of the entry's tags
-- ARGV[1]  token of the asker, 16 characters
-- ARGV[2]  how long the lease holds, ms; ARGV[3] how long stamps are kept, ms
-- ARGV[4]  the last 16 bytes of the entry that the asker found too old, empty if there was none
-- Returns  {1, entry, stamps...} a newer entry; {2, ms} somebody else fills it; {3} the asker is to fill it
-- One step, so that only one is to fill, and stamps are those from before its loader begins.
local function stamp(key)
  local value = redis.call('GET', key)
  if not value then
    local time = redis.call('TIME')
    value = string.format('%016.0f', time[1] * 1000000 + time[2])
    redis.call('SET', key, value, 'PX', ARGV[3])
  elseif redis.call('PTTL', key) < tonumber(ARGV[3]) then
    redis.call('PEXPIRE', key, ARGV[3])
  end
  return value
end

local entry = redis.call('GET', KEYS[1])
if entry and string.sub(entry, -16) ~= ARGV[4] then
  local reply = {1, entry}
  for i = 4, #KEYS do
    reply[#reply + 1] = redis.call('GET', KEYS[i])
  end
  return reply
end
local left = redis.call('PTTL', KEYS[2])
if left > 0 then
  return {2, left}
end
local lease = ARGV[1]
for i = 3, #KEYS do
  lease = lease .. stamp(KEYS[i])
end
redis.call('SET', KEYS[2], lease, 'PX', ARGV[2])
return {3}
