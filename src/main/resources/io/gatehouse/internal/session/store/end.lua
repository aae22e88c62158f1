-- Removes a live session, or a session whose end was claimed and whose listeners were notified.
-- KEYS[1]  the record   KEYS[2]  the expiry index of its bucket   KEYS[3]  the leases on the session
-- ARGV[1]  the member of the index
-- ARGV[2]  'alive' for a session whose end was not claimed, 'claimed' for one whose end was
-- ARGV[3]  with 'alive': the revision tag that the caller has read
-- ARGV[4], ARGV[5], ARGV[6]  prefix of the channels, name of this node, message to the nodes with a lease; '' if they know already
-- Returns  {'removed', holders ...} | {'gone', holders ...} if there was nothing to remove |
--          {'changed', now, {field, value, ...}} if it has changed since it was read; holders are nodes with a lease and its number
-- Atomic, so that no index entry outlives its record, only one node ends a session, and a request that was admitted before an
-- id change cannot end the session. Only removes data, so it works while Redis is out of memory.
local function reply_with(reply) return notify(reply, KEYS[3], ARGV[4], ARGV[5], ARGV[6]) end
local claimed = redis.call('HEXISTS', KEYS[1], 'e') == 1
if claimed ~= (ARGV[2] == 'claimed') then return reply_with({'gone'}) end
if not claimed then
  local known = redis.call('HGET', KEYS[1], 'm')
  if known and string.sub(known, -32) ~= ARGV[3] then
    local time = redis.call('TIME')
    return {'changed', time[1] * 1000 + math.floor(time[2] / 1000), redis.call('HGETALL', KEYS[1])}
  end
end
redis.call('ZREM', KEYS[2], ARGV[1])
return reply_with({redis.call('UNLINK', KEYS[1]) == 1 and 'removed' or 'gone'})
