-- Adds blocked clients to the list, and removes those whose block has ended and those beyond the bound.
-- KEYS[1]  a sorted set: counters, scored by the end of their block (milliseconds since 1970)
-- KEYS[2]  a hash: for each counter, what it counts, encrypted
-- ARGV[1]  the most entries; then three for each client: counter, rest of the block (ms), encrypted text
-- Returns  the number of entries
-- Atomic, so that both keys have the same members. Idempotent. Removes at most 1,000 ended blocks in one call.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 2, #ARGV, 3 do
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[i + 1])), ARGV[i])
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2])
end
local function remove(ids)
  if #ids > 0 then
    redis.call('ZREM', KEYS[1], unpack(ids))
    redis.call('HDEL', KEYS[2], unpack(ids))
  end
end
remove(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'LIMIT', 0, 1000))
local beyond = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[1])
if beyond > 0 then remove(redis.call('ZRANGE', KEYS[1], 0, beyond - 1)) end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then
  local life = string.format('%.0f', math.max(1, tonumber(last[2]) - now))
  redis.call('PEXPIRE', KEYS[1], life)
  redis.call('PEXPIRE', KEYS[2], life)
end
return redis.call('ZCARD', KEYS[1])
