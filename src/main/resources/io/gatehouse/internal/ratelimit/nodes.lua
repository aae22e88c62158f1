-- Registers a node as alive, removes nodes without a heartbeat, and counts the rest.
-- KEYS[1]  a sorted set: nodes, scored by their last heartbeat (milliseconds since 1970)
-- ARGV[1]  this node
-- ARGV[2]  the milliseconds without a heartbeat after which a node does not count
-- Returns  the number of nodes that are alive
-- Atomic, so that all nodes count the same.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
