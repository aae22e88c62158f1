-- Publishes the jobs that a node runs, and removes nodes that no longer do so.
-- KEYS[1]  the nodes   KEYS[2]  the queue   KEYS[3]  the running runs, scored by the end of their lease (ms)
-- ARGV[1]  the node   ARGV[2]  how long the entry is valid (ms)   ARGV[3]  the names, separated by spaces; empty to withdraw the node
-- ARGV[4]  the longest delay (ms)   ARGV[5]  the mark of the exchange, or absent
-- Returns  {how long until the next run is due or the next lease ends (ms), the mark}: 0 if that has happened, at most the longest delay
-- Atomic, so that no node is removed that has just renewed its entry. Idempotent.
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
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

local wait = tonumber(ARGV[4])
local due = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if due[2] then wait = math.min(wait, math.ceil((due[2] - micros) / 1000)) end
local ending = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
if ending[2] then wait = math.min(wait, ending[2] - now) end
return {math.max(wait, 0), ARGV[5]}
