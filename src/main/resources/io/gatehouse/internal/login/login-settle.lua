-- Records the outcome of a login attempt that was admitted.
-- KEYS     as in login-enter.lua
-- ARGV     1 address, 2 attempt, 3 network (or empty), 4 outcome, 5 memory (ms), 6 networks that are no attack, 7 exact name,
--          8 longest time that a place is held (ms), 9 most abandoned attempts, 10 their window (ms),
--          11 most new devices, 12 their window (ms)
--          succeeded  releases the place and forgets the failures of this exact name from this address, in both histories;
--                     without an address only the attempt. Attempts in progress keep their places
--          failed     counts the attempt, even if it was forgotten in the meantime
--          abandoned  releases the place; after too many such attempts, the attempt counts as failed
--          withdrawn  releases the place, because the attempt did not reach the application
-- Returns  1 if this attempt brought the account under attack, else 0; now (ms); 1 if the browser may become known, else 0
-- Atomic, so that no concurrent attempt is lost. Idempotent.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local history = KEYS[3] or KEYS[1]
local start = ARGV[1] .. '.' .. ARGV[7] .. '.'
local own = start .. ARGV[2]
local memory, quiet, hold = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[8])

local function text(number) return string.format('%.0f', number) end

-- As in login-enter.lua.
local function keep(count)
  local life = KEYS[3] and memory or math.min(memory, memory / 6 * 2 ^ (count - 1))
  if redis.call('PTTL', history) < life then redis.call('PEXPIRE', history, text(life)) end
end

local function isHeld(value)
  local at = string.sub(value, 1, 1) == 'h' and tonumber(string.sub(value, 2))
  return at and now - at < hold
end

local function forget(key)
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, #start) == start and not isHeld(fields[i + 1]) then redis.call('HDEL', key, fields[i]) end
  end
end

-- Counts one more in a window that starts with the first; returns false if there are too many.
local function within(key, field, most, window)
  local count, since = string.match(redis.call('HGET', key, field) or '', '^(%d+)%.(%d+)$')
  count, since = tonumber(count) or 0, tonumber(since) or now
  if now - since >= window or since > now then count, since = 0, now end
  if count >= most then return false end
  redis.call('HSET', key, field, text(count + 1) .. '.' .. text(since))
  redis.call('PEXPIRE', key, memory)
  return true
end

local value = redis.call('HGET', history, own)
if ARGV[4] == 'withdrawn' then
  redis.call('HDEL', history, own)
  return {0, now, 0}
end
if ARGV[4] == 'succeeded' then
  redis.call('HDEL', history, own)
  if ARGV[1] ~= '' then
    forget(KEYS[1])
    if KEYS[3] then forget(KEYS[3]) end
  end
  local device = not KEYS[3] and (not value or within(history, 'd', tonumber(ARGV[11]), tonumber(ARGV[12])))
  return {0, now, device and 1 or 0}
end
if ARGV[4] == 'abandoned' and (not value or within(history, 'a', tonumber(ARGV[9]), tonumber(ARGV[10]))) then
  redis.call('HDEL', history, own)
  return {0, now, 0}
end

local reset = KEYS[3] and redis.call('HGET', KEYS[1], 'r')
if reset and redis.call('HGET', history, 'r') ~= reset then
  redis.call('UNLINK', history)
  redis.call('HSET', history, 'r', reset)
  value = false -- the reset has forgotten it
end
local at = value and tonumber(string.sub(value, 1, 1) == 'h' and string.sub(value, 2) or value) or now
redis.call('HSET', history, own, text(at))
keep(redis.call('HLEN', history))
if KEYS[3] or ARGV[3] == '' then return {0, now, 0} end
local before = redis.call('PFCOUNT', KEYS[2])
if redis.call('PFADD', KEYS[2], ARGV[3]) == 0 then return {0, now, 0} end
local after = redis.call('PFCOUNT', KEYS[2])
if redis.call('PTTL', KEYS[2]) < 0 or after == 2 then
  redis.call('PEXPIRE', KEYS[2], after < 2 and text(memory / 6) or memory)
end
return {before <= quiet and after > quiet and 1 or 0, now, 0}
