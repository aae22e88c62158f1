-- Returns the clients that are blocked now, those that are blocked longest first.
-- KEYS     as in block.lua
-- ARGV[1]  the most clients, at most 1,000; or, with ARGV[2], ignored
-- ARGV[2]  only this counter; empty for all
-- Returns  for each client: counter, end of the block (milliseconds since 1970), encrypted text (nil if it is missing)
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local found
if ARGV[2] ~= '' then
  local score = redis.call('ZSCORE', KEYS[1], ARGV[2])
  found = score and {ARGV[2], score} or {}
else
  found = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. now, 'WITHSCORES', 'LIMIT', 0, tonumber(ARGV[1]))
end
local ids = {}
for i = 1, #found, 2 do ids[#ids + 1] = found[i] end
if #ids == 0 then return {} end
local texts, reply = redis.call('HMGET', KEYS[2], unpack(ids)), {}
for i = 1, #ids do
  reply[i * 3 - 2], reply[i * 3 - 1], reply[i * 3] = ids[i], found[i * 2], texts[i]
end
return reply
