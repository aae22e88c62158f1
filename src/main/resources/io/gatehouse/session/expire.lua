-- Ends a session whose time is over, or files it anew if it was used meanwhile.
-- KEYS[1]  the record   KEYS[2]  the expiry index of its bucket
-- ARGV[1]  the member of the index
-- Returns  {'missing'} | {'alive'} | {'ended', metadata}
-- One step, because a session that is used while we look must stay, and one that ends must end once.
local LONG = 400 * 24 * 60 * 60 * 1000
local fields = redis.call('HMGET', KEYS[1], 't', 'm')
if not fields[1] then
  redis.call('UNLINK', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return {'missing'}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last, idle, absolute = string.match(fields[1], '^(%d+)/(%d+)/(%d+)/')
last, idle, absolute = tonumber(last) or 0, tonumber(idle) or 0, tonumber(absolute) or 0
local due = now + LONG
if idle > 0 then due = math.min(due, last + idle) end
if absolute > 0 then due = math.min(due, absolute) end
if due > now then
  redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', due), ARGV[1])
  return {'alive'}
end
redis.call('UNLINK', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return {'ended', fields[2] or ''}
