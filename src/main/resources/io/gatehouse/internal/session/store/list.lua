-- Lists the sessions of a user.
-- KEYS[1]  the sessions of a user   ARGV[1]  maximum number   ARGV[2]  'all' to include expired entries
-- Returns  the entries, ordered by the absolute end, latest first
-- A script, because it needs the clock of the server: otherwise it omits expired entries, which the next
-- update of the index removes.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[2] == 'all' and '-inf' or now, 'LIMIT', 0, ARGV[1])
