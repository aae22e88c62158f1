-- Claims the end of a session, so that one node notifies the listeners.
-- KEYS[1]  the record   KEYS[2]  the expiry index of its bucket   KEYS[3]  the leases on the session
-- ARGV[1]  the member of the index
-- ARGV[2]  reason of the end, or '' to end the session only if it has expired
-- ARGV[3]  lease of the claim in milliseconds, after which another node may claim the end again; 0 if this process does not notify
--          listeners: another node may then claim the end immediately, but such a claim never replaces another
-- ARGV[4]  maximum size of a readable record in bytes
-- ARGV[5], ARGV[6], ARGV[7]  prefix of the channels, name of this node, message to the nodes with a lease; '' for an expired session,
--          which no node can have a lease on
-- Returns  {'missing', holders ...} | {'alive'} | {'claimed elsewhere', holders ...} | {'claimed', reason, {field, value, ...}, holders ...} |
--          {'claimed', reason, {}, holders ...} if the record is too large; holders are nodes with a lease and its number
-- Atomic, because a session that is used at the same time must not end, and one node must notify the listeners of an end.
-- The claim is the field e of the record, so it survives a crash of the node; it makes the session unusable.
-- If Redis is out of memory, the record is removed immediately instead.
local function reply_with(reply) return notify(reply, KEYS[3], ARGV[5], ARGV[6], ARGV[7]) end
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
  return reply_with({'missing'})
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local why = ARGV[2]

if of['e'] then
  local before, deadline = string.match(of['e'], '^(%a+)/(%d+)$')
  if ARGV[3] == '0' or now < (tonumber(deadline) or 0) then return reply_with({'claimed elsewhere'}) end
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
return reply_with({'claimed', why, fields})
