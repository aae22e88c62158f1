-- Reserves a place among the sessions of a user.
-- KEYS[1]  the sessions of a user
-- ARGV[1]  the session   ARGV[2]  maximum number of sessions   ARGV[3]  lifetime of a reservation in milliseconds
-- ARGV[4], ...  sessions that no longer exist
-- Returns  {'admitted'} or {'full', session, ...}, with an empty text for a reserved place
-- Atomic, so that concurrent logins never exceed the maximum.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local reserved = now + ARGV[3]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
for i = 4, #ARGV do redis.call('ZREM', KEYS[1], ARGV[i]) end
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
    local full = {'full'}
    local places = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
    for i = 1, #places, 2 do
      full[#full + 1] = tonumber(places[i + 1]) > reserved and places[i] or ''
    end
    return full
  end
  redis.call('ZADD', KEYS[1], string.format('%.0f', reserved), ARGV[1])
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
end
return {'admitted'}
