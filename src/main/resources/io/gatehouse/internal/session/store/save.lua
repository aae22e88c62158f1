-- Stores a new session, or changes of a session if its stored revision is the one that the writer has read.
-- KEYS[1]  the record            KEYS[2]  the expiry index of its bucket   KEYS[3]  the leases on the session
-- ARGV[1]  the revision tag that the writer has read, '' for a new session
-- ARGV[2]  idle timeout in ms, 0 for none        ARGV[3]  absolute end in ms since 1970, 0 for none
-- ARGV[4]  time in milliseconds for which a record outlives its session
-- ARGV[5]  the member of the index               ARGV[6]  idle timeout until the client returns, 0 for ARGV[2]
-- ARGV[7]  maximum size of a readable record in bytes
-- ARGV[8], ARGV[9], ARGV[10]  prefix of the channels, name of this node, message to the nodes with a lease
-- ARGV[11]  number of fields to remove
-- ARGV[12], ...  the names of these fields, then field, value, ...
-- Returns  {'saved', now, holders ...} | {'gone', holders ...} | {'conflict', now, {field, value, ...}, holders ...} |
--          {'conflict', now, {}, holders ...} if the stored record is too large; holders are nodes with a lease and its number
-- Atomic, because a save must neither restore an ended session nor overwrite the save of another node.
local function reply_with(reply) return notify(reply, KEYS[3], ARGV[8], ARGV[9], ARGV[10]) end
local LONG = 400 * 24 * 60 * 60 * 1000
local MOST = 1000 -- arguments of one call; even, because each field has a value. Lua's stack has room for 8000
if redis.call('HSTRLEN', KEYS[1], 'm') > tonumber(ARGV[7]) then return reply_with({'conflict', 0, {}}) end
local known, ending, not_returned = unpack(redis.call('HMGET', KEYS[1], 'm', 'e', 'i'))
if not known and ARGV[1] ~= '' then return reply_with({'gone'}) end
if known and ending then return reply_with({'gone'}) end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if known and string.sub(known, -32) ~= ARGV[1] then
  if redis.call('HLEN', KEYS[1]) * 64 > tonumber(ARGV[7]) then return reply_with({'conflict', now, {}}) end
  local size = 0
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do size = size + #name + redis.call('HSTRLEN', KEYS[1], name) end
  return reply_with({'conflict', now, size > tonumber(ARGV[7]) and {} or redis.call('HGETALL', KEYS[1])})
end

local idle, absolute, grace, new = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[6])
if new > 0 and (idle == 0 or new < idle) and (not known or not_returned) then
  redis.call('HSET', KEYS[1], 'i', ARGV[2]) -- load.lua applies this timeout when the client returns
  idle = new
elseif not_returned then
  redis.call('HDEL', KEYS[1], 'i')
end
local body = string.format('%.0f/%.0f/%.0f', now, idle, absolute) -- a save counts as a use
local use = body .. '/' .. string.sub(redis.sha1hex(body), 1, 8)
local removed = tonumber(ARGV[11])
local first = 12 + removed
redis.call('HSET', KEYS[1], 't', use, unpack(ARGV, first, math.min(#ARGV, first + MOST - 1)))
for i = first + MOST, #ARGV, MOST do redis.call('HSET', KEYS[1], unpack(ARGV, i, math.min(#ARGV, i + MOST - 1))) end
for i = 12, 11 + removed do redis.call('HDEL', KEYS[1], ARGV[i]) end

local due = now + LONG
if idle > 0 then due = math.min(due, now + idle) end
if absolute > 0 then due = math.min(due, absolute) end
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', due + grace))
redis.call('ZADD', KEYS[2], 'LT', string.format('%.0f', due), ARGV[5])
redis.call('PEXPIRE', KEYS[2], LONG + LONG)
return reply_with({'saved', now})
