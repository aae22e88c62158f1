-- Adds a session to the index of its user, or removes it. The index is a hint; readers verify each session.
-- KEYS[1]  the sessions of a user
-- KEYS[2]  the accepted sessions of the user; absent if there was no revocation
-- ARGV[1]  the session   ARGV[2]  absolute end in ms since 1970, 0 for none; '' to remove the session
-- ARGV[3]  'new' if the user has just logged in
-- Returns  the number of sessions in the index, negative if the session was added and is revoked
-- Atomic, so that the index always has a time to live, contains no expired entries, and is consistent with revocations.
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
local count = redis.call('ZCARD', KEYS[1])
if ARGV[2] ~= '' and redis.call('ZCARD', KEYS[2]) > 0 and not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return -count end
return count
