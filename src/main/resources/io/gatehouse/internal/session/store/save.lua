-- Stores a new session, or changes of a session if its stored revision is the one that the writer has read.
-- KEYS[1]  the record            KEYS[2]  the expiry index of its bucket
-- ARGV[1]  the revision tag that the writer has read, '' for a new session
-- ARGV[2]  idle timeout in ms, 0 for none        ARGV[3]  absolute end in ms since 1970, 0 for none
-- ARGV[4]  time in milliseconds for which a record outlives its session
-- ARGV[5]  the member of the index               ARGV[6]  idle timeout until the client returns, 0 for ARGV[2]
-- ARGV[7]  maximum size of a readable record in bytes
-- ARGV[8]  number of fields to remove
-- ARGV[9], ...  the names of these fields, then field, value, ...
-- Returns  {'saved', now} | {'gone'} | {'conflict', now, {field, value, ...}} |
--          {'conflict', now, {}} if the stored record is too large
-- Atomic, because a save must neither restore an ended session nor overwrite the save of another node.
local LONG = 400 * 24 * 60 * 60 * 1000
if redis.call('HSTRLEN', KEYS[1], 'm') > tonumber(ARGV[7]) then return {'conflict', 0, {}} end
local known = redis.call('HGET', KEYS[1], 'm')
if not known and ARGV[1] ~= '' then return {'gone'} end
if known and redis.call('HEXISTS', KEYS[1], 'e') == 1 then return {'gone'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if known and string.sub(known, -32) ~= ARGV[1] then
  if redis.call('HLEN', KEYS[1]) * 64 > tonumber(ARGV[7]) then return {'conflict', now, {}} end
  local size = 0
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do size = size + #name + redis.call('HSTRLEN', KEYS[1], name) end
  return {'conflict', now, size > tonumber(ARGV[7]) and {} or redis.call('HGETALL', KEYS[1])}
end

local idle, absolute, grace, new = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[6])
if new > 0 and (idle == 0 or new < idle) and (not known or redis.call('HEXISTS', KEYS[1], 'i') == 1) then
  redis.call('HSET', KEYS[1], 'i', ARGV[2]) -- load.lua applies this timeout when the client returns
  idle = new
elseif known then
  redis.call('HDEL', KEYS[1], 'i')
end
local body = string.format('%.0f/%.0f/%.0f', now, idle, absolute) -- a save counts as a use
local removed = tonumber(ARGV[8])
redis.call('HSET', KEYS[1], 't', body .. '/' .. string.sub(redis.sha1hex(body), 1, 8))
for i = 9 + removed, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
for i = 9, 8 + removed do redis.call('HDEL', KEYS[1], ARGV[i]) end

local due = now + LONG
if idle > 0 then due = math.min(due, now + idle) end
if absolute > 0 then due = math.min(due, absolute) end
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', due + grace))
redis.call('ZADD', KEYS[2], 'LT', string.format('%.0f', due), ARGV[5])
redis.call('PEXPIRE', KEYS[2], LONG + LONG)
return {'saved', now}
