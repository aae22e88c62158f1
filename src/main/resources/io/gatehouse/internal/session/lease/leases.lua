-- Leases on sessions: functions of the scripts that take them, and of those that must wait for their end.
-- leases  a hash: the name of each node that may hold a lease, and the number of its latest request
-- A lease lasts for two seconds at most, so the hash may be forgotten after a minute. It is separate from the record, because it must
-- outlive it: a caller that finds no session must still learn which nodes may have a copy.

-- Notes that a node takes a lease; returns whether it did. A request that arrives late does not replace a later one.
local function take(leases, node, number)
  local known = redis.pcall('HGET', leases, node)
  if type(known) == 'table' then return false end
  if (tonumber(known or 0) or 0) < tonumber(number) then
    local noted = redis.pcall('HSET', leases, node, number)
    if type(noted) == 'table' then return false end
  end
  redis.call('PEXPIRE', leases, 60000)
  return true
end

-- Notifies all nodes that may hold a lease, and appends their names and numbers to a reply. A message that cannot be sent only makes the
-- caller wait for the end of the lease. With an empty message, notifies no node.
local function notify(reply, leases, channel, node, message)
  if message == '' then return reply end
  local holders = redis.pcall('HGETALL', leases)
  for i = 1, #holders, 2 do
    if holders[i] ~= node then redis.pcall('PUBLISH', channel .. holders[i], message) end
    reply[#reply + 1] = holders[i]
    reply[#reply + 1] = holders[i + 1]
  end
  return reply
end

