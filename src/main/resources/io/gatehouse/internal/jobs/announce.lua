-- Publishes the jobs that a node runs, and removes nodes that no longer do so.
-- KEYS[1]  the nodes
-- ARGV[1]  the node   ARGV[2]  how long the entry is valid (ms)   ARGV[3]  the names, separated by spaces; empty to withdraw the node
-- Returns  1
-- Atomic, so that no node is removed that has just renewed its entry. Idempotent.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[2]) .. ' ' .. ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
local nodes = redis.call('HGETALL', KEYS[1])
for i = 1, #nodes, 2 do
  if (tonumber(string.match(nodes[i + 1], '^%d+')) or 0) <= now then redis.call('HDEL', KEYS[1], nodes[i]) end
end
return 1
