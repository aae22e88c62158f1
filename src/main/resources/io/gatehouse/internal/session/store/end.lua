-- Removes a live session, or a session whose end was claimed and whose listeners were notified.
-- KEYS[1]  the record   KEYS[2]  the expiry index of its bucket
-- ARGV[1]  the member of the index
-- ARGV[2]  'alive' for a session whose end was not claimed, 'claimed' for one whose end was
-- ARGV[3]  with 'alive': the revision tag that the caller has read
-- Returns  1 if the session was removed, 0 if there was nothing to remove, {now, {field, value, ...}} if it has changed since it was read
-- Atomic, so that no index entry outlives its record, only one node ends a session, and a request that was admitted before an
-- id change cannot end the session. Only removes data, so it works while Redis is out of memory.
local claimed = redis.call('HEXISTS', KEYS[1], 'e') == 1
if claimed ~= (ARGV[2] == 'claimed') then return 0 end
if not claimed then
  local known = redis.call('HGET', KEYS[1], 'm')
  if known and string.sub(known, -32) ~= ARGV[3] then
    local time = redis.call('TIME')
    return {time[1] * 1000 + math.floor(time[2] / 1000), redis.call('HGETALL', KEYS[1])}
  end
end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('UNLINK', KEYS[1])
