-- Files a session under its user, or takes it out; a hint for lists, verified when it is read.
-- KEYS[1]  the sessions of a user
-- ARGV[1]  handle   ARGV[2]  absolute end in ms since 1970, 0 for none; '' to take it out
-- Returns  how many sessions are filed
-- One step, so that the index always has a time to live and holds nothing that is long over.
local LONG = 400 * 24 * 60 * 60 * 1000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
if ARGV[2] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  local due = tonumber(ARGV[2])
  if due == 0 then due = now + LONG end
  redis.call('ZADD', KEYS[1], string.format('%.0f', due), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], LONG)
end
return redis.call('ZCARD', KEYS[1])
