-- Returns the names of the jobs that live nodes run.
-- KEYS[1]  the nodes
-- Returns  {names of a node, separated by spaces, ...}
-- A script, because the clock of Redis decides which nodes are alive.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local names = {}
local nodes = redis.call('HGETALL', KEYS[1])
for i = 2, #nodes, 2 do
  local untilMillis, jobs = string.match(nodes[i], '^(%d+) (.*)$')
  if untilMillis and tonumber(untilMillis) > now then names[#names + 1] = jobs end
end
return names
