-- Counts the nodes of an application that live.
-- KEYS[1]  a sorted set: nodes, scored by when they were last heard of (milliseconds since 1970)
-- ARGV[1]  after how many milliseconds of silence a node does not count
-- Returns  how many
-- A script for the sake of the server's clock.
local time = redis.call('TIME')
return redis.call('ZCOUNT', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[1], '+inf')
