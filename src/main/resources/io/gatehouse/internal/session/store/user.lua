-- Files a session under its user, or takes it out; a hint for lists, verified when it is read.
-- KEYS[1]  the sessions of a user
-- KEYS[2]  those of them that may be used since the user was signed out everywhere; not there if that never happened
-- ARGV[1]  the session   ARGV[2]  absolute end in ms since 1970, 0 for none; '' to take it out
-- ARGV[3]  'new' if it has become the user's just now
-- Returns  how many sessions are filed
-- One step, so that the index always has a time to live and holds nothing that is long over, and no log-in is between.
local LONG = 400 * 24 * 60 * 60 * 1000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
if ARGV[2] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  local due = tonumber(ARGV[2])
  if due == 0 then due = now + LONG end
  due = string.format('%.0f', due)
  redis.call('ZADD', KEYS[1], due, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], LONG)
  if redis.call('ZCARD', KEYS[2]) > 0 then
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))
    redis.call('ZADD', KEYS[2], ARGV[3] == 'new' and 'CH' or 'XX', due, ARGV[1])
  end
end
return redis.call('ZCARD', KEYS[1])
