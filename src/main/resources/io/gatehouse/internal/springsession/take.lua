-- Reads a session of Spring Session and claims it, so that one request in the cluster imports it.
-- KEYS[1]  the record   KEYS[2]  the claim
-- ARGV[1]  the key id and the random text of the importing request   ARGV[2]  how long it holds the claim in ms
-- ARGV[3]  maximum size of a readable record in bytes
-- Returns  {'claimed', field, value, ...} | {'busy'} while another request imports it |
--          {'imported', key id and random text} after an import | {'missing'} | {'unreadable'}
-- Atomic, because two nodes may find the same record at once. Checks the size first, as the script that reads a session does.
-- The request may repeat the call: its own claim does not stop it.
local claim = redis.call('GET', KEYS[2])
if claim then
  local text = string.match(claim, '^done (.+)$')
  if text then return {'imported', text} end
  if claim ~= ARGV[1] then return {'busy'} end
end
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then return {'missing'} end
if kind ~= 'hash' then return {'unreadable'} end
local size, most = 0, tonumber(ARGV[3])
if redis.call('HLEN', KEYS[1]) * 64 > most then return {'unreadable'} end
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  size = size + #name + redis.call('HSTRLEN', KEYS[1], name)
  if size > most then return {'unreadable'} end
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
local reply = redis.call('HGETALL', KEYS[1])
table.insert(reply, 1, 'claimed')
return reply
