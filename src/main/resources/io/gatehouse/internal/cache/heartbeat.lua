-- Records a node as alive, removes silent nodes and counts the rest. May publish a message, also without recording a node.
-- KEYS[1]  a sorted set: nodes, scored by their last heartbeat (ms since 1970)
-- KEYS[2]... strings: sequence numbers to read, in the same slot if it is a cluster
-- ARGV[1]  this node, empty to record none; ARGV[2] ms of silence after which a node does not count
-- ARGV[3]  channel; ARGV[4] message, empty for none; ARGV[5] the mark of the exchange, or absent
-- Returns  the number of live nodes, then the sequence numbers, nil for one that does not exist, then the mark
-- Atomic, so that all nodes count the same.
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
local reply = {redis.call('ZCARD', KEYS[1])}
if #KEYS > 1 then
  local numbers = redis.call('MGET', unpack(KEYS, 2))
  for i = 1, #numbers do
    reply[i + 1] = numbers[i]
  end
end
reply[#reply + 1] = ARGV[5]
return reply
