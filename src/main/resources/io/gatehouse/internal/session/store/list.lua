-- Lists the sessions of a user.
-- KEYS[1]  the sessions of a user   ARGV[1]  maximum number
-- Returns  the entries, ordered by the absolute end, latest first
-- A script, because it needs the clock of the server: it omits expired entries, which the next update of the index removes.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', now, 'LIMIT', 0, ARGV[1])
