-- Counts the nodes of an application that are alive.
-- KEYS[1]  a sorted set: nodes, scored by their last heartbeat (milliseconds since 1970)
-- ARGV[1]  the milliseconds without a heartbeat after which a node does not count
-- Returns  the number of nodes
-- A script, because it uses the clock of the server.
local time = redis.call('TIME')
return redis.call('ZCOUNT', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[1], '+inf')
