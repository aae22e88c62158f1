-- Notes that a node lives, forgets those that were silent, and counts the rest; or only tells all nodes something.
-- KEYS[1]  a sorted set: nodes, scored by when they were last heard of (ms since 1970)
-- ARGV[1]  this node, empty to note none; ARGV[2] after how many ms of silence a node does not count
-- ARGV[3]  channel; ARGV[4] message, empty for none
-- Returns  how many nodes live
-- One step, so that every node counts the same.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
if ARGV[4] ~= '' then
  redis.call('PUBLISH', ARGV[3], ARGV[4])
end
return redis.call('ZCARD', KEYS[1])
