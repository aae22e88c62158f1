-- Notes what a node has counted, forgets nodes that were silent, and gives what all have counted.
-- KEYS[1]  a hash: by node, milliseconds since 1970, a space, and what it has counted
-- ARGV[1]  this node, empty to note nothing; ARGV[2] what it has counted; ARGV[3] after how many ms of silence a node is forgotten
-- Returns  what each node has counted
-- One step, so that a node that is gone is not counted by anybody.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local reply = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local space = string.find(all[i + 1], ' ', 1, true)
  if now - tonumber(string.sub(all[i + 1], 1, space - 1)) > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], all[i])
  else
    reply[#reply + 1] = string.sub(all[i + 1], space + 1)
  end
end
return reply
