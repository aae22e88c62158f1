-- Notes that a node lives, forgets those that were silent, and counts the rest.
-- KEYS[1]  a sorted set: nodes, scored by when they were last heard of (milliseconds since 1970)
-- ARGV[1]  this node
-- ARGV[2]  after how many milliseconds of silence a node does not count
-- Returns  how many nodes live
-- One step, so that every node counts the same.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
