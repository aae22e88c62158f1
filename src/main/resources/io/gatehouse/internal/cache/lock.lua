-- Grants the load lock of a key to one caller in the cluster, unless the value has been loaded meanwhile.
-- KEYS[1]  string: the entry; KEYS[2] string: its load lock; KEYS[3] string: the version of its region
-- KEYS[4..] strings: the versions of the entry's tags
-- ARGV[1]  token of the caller, 16 characters
-- ARGV[2]  time to live of the lock, ms; ARGV[3] time to live of versions, ms
-- ARGV[4]  the last 16 bytes of the entry that the caller found stale, empty if there was none
-- Returns  {1, entry, versions...} another entry is stored; {2, ms} another caller holds the lock; {3} the caller holds the lock
-- Atomic, so that one caller gets the lock, and the versions in it are from before its loader starts.
local function version(key)
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
local lock = ARGV[1]
for i = 3, #KEYS do
  lock = lock .. version(KEYS[i])
end
redis.call('SET', KEYS[2], lock, 'PX', ARGV[2])
return {3}
