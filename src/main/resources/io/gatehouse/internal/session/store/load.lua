-- Reads a session and records its use. Takes a lease on it, if a second key is given.
-- KEYS[1]  the record   KEYS[2]  the leases on the session, optional
-- ARGV[1]  time in milliseconds for which a record outlives its session
-- ARGV[2]  maximum size of a readable record in bytes
-- ARGV[3], ARGV[4]  with KEYS[2]: the name of the node, and the number of its request
-- Returns  {'too large'} | {} if the session does not exist, has ended or has expired |
--          {field, value, ..., now, previous use, lease}, where the previous use is -1 if it is malformed, and lease is 1 if the
--          node has a lease, otherwise 0
-- Checks the size first, because an oversized record must not exhaust Redis, the connection or the node.
-- Returns one flat list, because a nested list takes the client half as much time again.
-- Atomic, because the use must not be recorded in a record that has ended in between.
-- If Redis is out of memory, it returns the session without recording the use.
-- The field i exists until the client returns for the first time; it is the idle timeout from then on.
local LONG = 400 * 24 * 60 * 60 * 1000
local size, most = 0, tonumber(ARGV[2])
if redis.call('HLEN', KEYS[1]) * 64 > most then return {'too large'} end
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  size = size + #name + redis.call('HSTRLEN', KEYS[1], name)
  if size > most then return {'too large'} end
end
local fields = redis.call('HGETALL', KEYS[1])
if #fields == 0 then return {} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function answer(last, lease)
  fields[#fields + 1] = now
  fields[#fields + 1] = last
  fields[#fields + 1] = lease
  return fields
end

local use, returned
for i = 1, #fields, 2 do
  if fields[i] == 'e' then return {} end -- the end is claimed
  if fields[i] == 't' then use = fields[i + 1] end
  if fields[i] == 'i' then returned = tonumber(fields[i + 1]) end
end
local body, last, idle, absolute, check = string.match(use or '', '^((%d+)/(%d+)/(%d+))/(%x+)$')
if not body or check ~= string.sub(redis.sha1hex(body), 1, 8) then
  return answer(-1, 0)
end
last, idle, absolute = tonumber(last), tonumber(idle), tonumber(absolute)
if (idle > 0 and now - last >= idle) or (absolute > 0 and now >= absolute) then return {} end

idle = returned or idle
if now > last or returned then
  body = string.format('%.0f/%.0f/%.0f', now, idle, absolute)
  local noted = redis.pcall('HSET', KEYS[1], 't', body .. '/' .. string.sub(redis.sha1hex(body), 1, 8))
  if type(noted) == 'table' and noted.err and not string.find(noted.err, 'OOM', 1, true) then return noted end
  if idle > 0 then
    redis.call('PEXPIRE', KEYS[1], idle + ARGV[1])
  elseif returned then
    local due = absolute > 0 and absolute or now + LONG
    redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', due + ARGV[1]))
  end
  if returned and not (type(noted) == 'table' and noted.err) then redis.call('HDEL', KEYS[1], 'i') end
end
return answer(last, KEYS[2] and take(KEYS[2], ARGV[3], ARGV[4]) and 1 or 0)
