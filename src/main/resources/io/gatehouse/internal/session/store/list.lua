-- Names the sessions of a user.
-- KEYS[1]  the sessions of a user   ARGV[1]  how many at most
-- Returns  handles, those that end last first
-- A script for the sake of the server's clock: what is long over is left out and goes with the next filing.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', now, 'LIMIT', 0, ARGV[1])
