-- Records a use of a session without reading it.
-- KEYS[1]  the record
-- ARGV[1]  time in milliseconds for which a record outlives its session
-- ARGV[2]  time in milliseconds that has passed since the use
-- Returns  the revision tag of the session, or 0 if the session does not exist, has ended or has expired
-- Atomic, because the use must not be recorded in a record that has ended in between. A use that arrives after the session has expired
-- is not recorded, even if it happened before: other nodes may have rejected the session already.
local fields = redis.call('HMGET', KEYS[1], 't', 'e', 'm')
if not fields[1] or fields[2] or not fields[3] then return 0 end
local body, last, idle, absolute, check = string.match(fields[1], '^((%d+)/(%d+)/(%d+))/(%x+)$')
if not body or check ~= string.sub(redis.sha1hex(body), 1, 8) then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
last, idle, absolute = tonumber(last), tonumber(idle), tonumber(absolute)
if (idle > 0 and now - last >= idle) or (absolute > 0 and now >= absolute) then return 0 end
local used = now - ARGV[2]
if used > last then
  body = string.format('%.0f/%.0f/%.0f', used, idle, absolute)
  redis.call('HSET', KEYS[1], 't', body .. '/' .. string.sub(redis.sha1hex(body), 1, 8))
  if idle > 0 then redis.call('PEXPIRE', KEYS[1], idle + ARGV[1] - ARGV[2]) end
end
return string.sub(fields[3], -32)
