-- Says what became of an attempt to log in that had passed.
-- KEYS     as in login-enter.lua
-- ARGV     1 address, 2 attempt, 3 network (or empty), 4 outcome, 5 memory (ms), 6 networks that are no attack
--          succeeded  forgets the account's failures from this address, in both lanes; without an address only the attempt
--          failed     keeps the attempt, or counts it again if it was forgotten meanwhile
--          abandoned  takes the attempt back
-- Returns  1 if the networks have just become an attack, else 0; now (ms)
-- One step, so that no attempt that comes between is lost. Running it twice leaves the same.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lane = KEYS[3] or KEYS[1]
local own = ARGV[1] .. '.' .. ARGV[2]
local memory, quiet = tonumber(ARGV[5]), tonumber(ARGV[6])

local function forget(key)
  local start = ARGV[1] .. '.'
  for _, name in ipairs(redis.call('HKEYS', key)) do
    if string.sub(name, 1, #start) == start then redis.call('HDEL', key, name) end
  end
end

if ARGV[4] ~= 'failed' then
  redis.call('HDEL', lane, own)
  if ARGV[4] == 'succeeded' and ARGV[1] ~= '' then
    forget(KEYS[1])
    if KEYS[3] then forget(KEYS[3]) end
  end
  return {0, now}
end

local reset = KEYS[3] and redis.call('HGET', KEYS[1], 'r')
if reset and redis.call('HGET', lane, 'r') ~= reset then
  redis.call('UNLINK', lane)
  redis.call('HSET', lane, 'r', reset)
end
if redis.call('HEXISTS', lane, own) == 0 then redis.call('HSET', lane, own, string.format('%.0f', now)) end
redis.call('PEXPIRE', lane, memory)
if KEYS[3] or ARGV[3] == '' then return {0, now} end
local before = redis.call('PFCOUNT', KEYS[2])
if redis.call('PFADD', KEYS[2], ARGV[3]) == 0 then return {0, now} end
if redis.call('PTTL', KEYS[2]) < 0 then redis.call('PEXPIRE', KEYS[2], memory) end
return {before <= quiet and redis.call('PFCOUNT', KEYS[2]) > quiet and 1 or 0, now}
