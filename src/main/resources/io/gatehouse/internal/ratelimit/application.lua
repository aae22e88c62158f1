-- Registers an application, forgets applications without a heartbeat, and returns all others.
-- KEYS[1]  a sorted set: applications, scored by their last heartbeat (milliseconds since 1970)
-- ARGV[1]  the application to register, or '' to register none
-- ARGV[2]  the milliseconds without a heartbeat after which an application is forgotten
-- Returns  {application, score, ...}
-- A script, because it uses the clock of the server.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[2], '+inf', 'WITHSCORES')
