-- Removes stale entries from the index of a user's sessions.
-- KEYS[1]  the sessions of a user
-- ARGV[1]  lifetime of a reservation in milliseconds   ARGV[2], ...  sessions that no longer exist
-- Returns  the number of removed entries
-- Atomic, because a running login may reserve the place of a session that it has not stored yet (admit.lua): such an entry ends within
-- the lifetime of a reservation, and is kept.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local removed = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
for i = 2, #ARGV do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) > now + ARGV[1] then
    removed = removed + redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return removed
