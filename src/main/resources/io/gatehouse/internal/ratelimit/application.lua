-- Notes that an application uses this Redis, and forgets those that have not for long.
-- KEYS[1]  a sorted set: applications, scored by when they were last heard of (milliseconds since 1970)
-- ARGV[1]  the application, or '' to note none
-- ARGV[2]  after how many milliseconds of silence one is forgotten
-- Returns  {application, score, ...}
-- A script for the sake of the server's clock.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[2], '+inf', 'WITHSCORES')
