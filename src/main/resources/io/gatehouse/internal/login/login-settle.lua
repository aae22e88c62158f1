-- Settles an attempt to log in that had passed.
-- KEYS     as in login-enter.lua
-- ARGV     1 address, 2 attempt, 3 network (or empty), 4 outcome, 5 memory (ms), 6 networks that are no attack, 7 exact name,
--          8 how long a place is held at most (ms), 9 most abandoned attempts, 10 in what time (ms),
--          11 most new devices, 12 in what time (ms)
--          succeeded  gives the place back and forgets the failures of this exact name from this address, in both lanes;
--                     without an address only the attempt. Attempts under way keep their places
--          failed     counts the attempt, also if it was forgotten meanwhile
--          abandoned  gives the place back; when there have been too many such attempts, it has failed
--          withdrawn  gives the place back: the application has not seen the attempt
-- Returns  1 if the networks have just become an attack, else 0; now (ms); 1 if the browser may become a known one, else 0
-- One step, so that no attempt that comes between is lost. Running it twice leaves the same.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lane = KEYS[3] or KEYS[1]
local start = ARGV[1] .. '.' .. ARGV[7] .. '.'
local own = start .. ARGV[2]
local memory, quiet, hold = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[8])

local function text(number) return string.format('%.0f', number) end

-- As in login-enter.lua.
local function keep(count)
  local life = KEYS[3] and memory or math.min(memory, memory / 6 * 2 ^ (count - 1))
  if redis.call('PTTL', lane) < life then redis.call('PEXPIRE', lane, text(life)) end
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

-- Counts one more in a window that begins with the first; false if there are too many.
local function within(key, field, most, window)
  local count, since = string.match(redis.call('HGET', key, field) or '', '^(%d+)%.(%d+)$')
  count, since = tonumber(count) or 0, tonumber(since) or now
  if now - since >= window or since > now then count, since = 0, now end
  if count >= most then return false end
  redis.call('HSET', key, field, text(count + 1) .. '.' .. text(since))
  redis.call('PEXPIRE', key, memory)
  return true
end

local value = redis.call('HGET', lane, own)
if ARGV[4] == 'withdrawn' then
  redis.call('HDEL', lane, own)
  return {0, now, 0}
end
if ARGV[4] == 'succeeded' then
  redis.call('HDEL', lane, own)
  if ARGV[1] ~= '' then
    forget(KEYS[1])
    if KEYS[3] then forget(KEYS[3]) end
  end
  local device = not KEYS[3] and (not value or within(lane, 'd', tonumber(ARGV[11]), tonumber(ARGV[12])))
  return {0, now, device and 1 or 0}
end
if ARGV[4] == 'abandoned' and (not value or within(lane, 'a', tonumber(ARGV[9]), tonumber(ARGV[10]))) then
  redis.call('HDEL', lane, own)
  return {0, now, 0}
end

local reset = KEYS[3] and redis.call('HGET', KEYS[1], 'r')
if reset and redis.call('HGET', lane, 'r') ~= reset then
  redis.call('UNLINK', lane)
  redis.call('HSET', lane, 'r', reset)
  value = false -- the reset has forgotten it
end
local at = value and tonumber(string.sub(value, 1, 1) == 'h' and string.sub(value, 2) or value) or now
redis.call('HSET', lane, own, text(at))
keep(redis.call('HLEN', lane))
if KEYS[3] or ARGV[3] == '' then return {0, now, 0} end
local before = redis.call('PFCOUNT', KEYS[2])
if redis.call('PFADD', KEYS[2], ARGV[3]) == 0 then return {0, now, 0} end
local after = redis.call('PFCOUNT', KEYS[2])
if redis.call('PTTL', KEYS[2]) < 0 or after == 2 then
  redis.call('PEXPIRE', KEYS[2], after < 2 and text(memory / 6) or memory)
end
return {before <= quiet and after > quiet and 1 or 0, now, 0}
