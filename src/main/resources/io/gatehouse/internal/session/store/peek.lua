-- Reads what is known about a session without using it.
-- KEYS[1]  the record
-- ARGV[1]  'metadata' to leave the attributes alone, 'all' to read them too
-- ARGV[2]  how many bytes a record may have to be read
-- Returns  {now, metadata, last use} or {now, metadata, last use, {field, value, ...}};
--          {} if there is no such session, or it is too large
-- A script for the sake of the server's clock, and because a session that is new may end before its signed idle time-out.
local size, most = 0, tonumber(ARGV[2])
if redis.call('HLEN', KEYS[1]) * 64 > most then return {} end
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  size = size + #name + redis.call('HSTRLEN', KEYS[1], name)
  if size > most then return {} end
end
local fields = redis.call('HMGET', KEYS[1], 'm', 't', 'e')
if not fields[1] or not fields[2] or fields[3] then return {} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last, idle = string.match(fields[2], '^(%d+)/(%d+)/')
if idle and tonumber(idle) > 0 and now - last >= tonumber(idle) then return {} end
if ARGV[1] == 'all' then return {now, fields[1], fields[2], redis.call('HGETALL', KEYS[1])} end
return {now, fields[1], fields[2]}
