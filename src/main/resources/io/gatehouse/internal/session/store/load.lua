-- Reads a session and notes that it was used.
-- KEYS[1]  the record
-- ARGV[1]  milliseconds that a record outlives its session
-- ARGV[2]  how many bytes a record may have to be read
-- Returns  {'too large'} | {} if there is no such session, it has ended, or its time is over
--          {field, value, ..., now, previous use}; previous use is -1 if it cannot be read
-- Measured first, because a record that was blown up must not fill Redis, the connection and the node.
-- One flat list: a list within a list was measured to cost the client half as much again.
-- One step, because the note must not go to a record that has ended since it was read.
-- A full Redis still answers: only then the note is left out.
-- The field i is there until the client comes back for the first time: the idle time-out that the session has from then on.
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

local function answer(last)
  fields[#fields + 1] = now
  fields[#fields + 1] = last
  return fields
end

local use, returned
for i = 1, #fields, 2 do
  if fields[i] == 'e' then return {} end -- its end was claimed
  if fields[i] == 't' then use = fields[i + 1] end
  if fields[i] == 'i' then returned = tonumber(fields[i + 1]) end
end
local body, last, idle, absolute, check = string.match(use or '', '^((%d+)/(%d+)/(%d+))/(%x+)$')
if not body or check ~= string.sub(redis.sha1hex(body), 1, 8) then
  return answer(-1)
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
return answer(last)
