-- Reads the metadata of a session without recording a use.
-- KEYS[1]  the record
-- ARGV[1]  'metadata' for the metadata only, 'all' for the whole record
-- ARGV[2]  maximum size of a readable record in bytes
-- Returns  {now, metadata, last use} | {now, metadata, last use, {field, value, ...}} |
--          {} if the session does not exist or is too large
-- A script, because it needs the clock of the server, and because a new session may expire before its signed idle timeout.
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
