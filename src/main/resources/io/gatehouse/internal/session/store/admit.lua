-- Reserves a place among the sessions of a user, if there is one.
-- KEYS[1]  the sessions of a user
-- ARGV[1]  the session   ARGV[2]  how many there may be   ARGV[3]  milliseconds that a reservation lasts
-- then     sessions that are known to be gone
-- Returns  {'admitted'} or {'full', session, ...}; of a reserved place only an empty text
-- One step, so that however many come at once, no more are admitted than may be.
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
