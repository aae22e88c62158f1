-- Claims the end of a session, so that one node tells the listeners, whatever happens to the others.
-- KEYS[1]  the record   KEYS[2]  the expiry index of its bucket
-- ARGV[1]  the member of the index
-- ARGV[2]  why it ends, or '' to end it only if its time is over
-- ARGV[3]  milliseconds after which another node may claim it, if this one has died before it was done; 0 to leave the telling
--          to others from the beginning, who may claim what we have claimed and not the other way round
-- ARGV[4]  how many bytes a record may have to be read
-- Returns  {'missing'} | {'alive'} | {'claimed elsewhere'} | {'claimed', why, {field, value, ...}} | {'claimed', why, {}} if it
--          is too large to be read
-- One step, because a session that is used while we look must stay, and one that ends must be told once. The claim is the
-- field e of the record itself, so it survives us; from now on nobody can read, change or use the session.
-- A full Redis removes the record at once instead.
local DAY = 24 * 60 * 60 * 1000
local LONG = 400 * DAY
local fields, of, size, most = {}, {}, 0, tonumber(ARGV[4])
if redis.call('TYPE', KEYS[1]).ok == 'hash' then
  size = redis.call('HLEN', KEYS[1]) * 64
  for _, name in ipairs(size > most and {} or redis.call('HKEYS', KEYS[1])) do
    size = size + #name + redis.call('HSTRLEN', KEYS[1], name)
  end
  if size > most then
    of = {m = redis.call('HEXISTS', KEYS[1], 'm') == 1, t = redis.call('HGET', KEYS[1], 't'), e = redis.call('HGET', KEYS[1], 'e')}
  else
    fields = redis.call('HGETALL', KEYS[1])
    for i = 1, #fields, 2 do of[fields[i]] = fields[i + 1] end
  end
end
if not of['m'] then
  redis.call('UNLINK', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return {'missing'}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local why = ARGV[2]

if of['e'] then
  local before, deadline = string.match(of['e'], '^(%a+)/(%d+)$')
  if ARGV[3] == '0' or now < (tonumber(deadline) or 0) then return {'claimed elsewhere'} end
  why = before or why
elseif why == '' then
  local last, idle, absolute = string.match(of['t'] or '', '^(%d+)/(%d+)/(%d+)/')
  last, idle, absolute = tonumber(last) or 0, tonumber(idle) or 0, tonumber(absolute) or 0
  local due = now + LONG
  if idle > 0 then due = math.min(due, last + idle) end
  if absolute > 0 then due = math.min(due, absolute) end
  if of['t'] and due > now then
    redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', due), ARGV[1])
    return {'alive'}
  end
  why = (absolute > 0 and now >= absolute) and 'absolute' or 'expired'
end

local deadline = string.format('%.0f', now + ARGV[3])
local noted = redis.pcall('HSET', KEYS[1], 'e', why .. '/' .. deadline)
if type(noted) == 'table' and noted.err then
  if not string.find(noted.err, 'OOM', 1, true) then return noted end
  redis.call('UNLINK', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[2], deadline, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], DAY)
end
return {'claimed', why, fields}
