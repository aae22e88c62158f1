-- Stores the statistics of a node, removes those of silent nodes and those without a time, and returns the rest.
-- KEYS[1]  a hash: for each node, milliseconds since 1970, a space, and its statistics
-- ARGV[1]  this node, empty to store nothing; ARGV[2] its statistics; ARGV[3] ms of silence after which a node is removed
-- ARGV[4]  the mark of the exchange, or absent
-- Returns  the statistics of each node, then the mark
-- Atomic, so that a node that has ended is in no sum.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local reply = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local at, report = string.match(all[i + 1], '^(%d+) (.*)$')
  if not at or now - tonumber(at) > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], all[i])
  else
    reply[#reply + 1] = report
  end
end
reply[#reply + 1] = ARGV[4]
return reply
