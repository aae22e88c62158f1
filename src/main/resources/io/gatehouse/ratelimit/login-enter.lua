-- Lets an attempt to log in pass, counted as failed until it is settled; or says how long its lane is locked.
-- KEYS[1]  the account's lane for unknown browsers, a hash: <address>.<attempt> = when (ms); r = its last reset
-- KEYS[2]  the networks that the account was attacked from (HyperLogLog)
-- KEYS[3]  only with a device cookie: the lane of that device, a hash of the same form; r = the last reset it has seen
-- ARGV     1 address, 2 attempt (empty only looks), 3 network (or empty), 4 free failures, 5 first wait, 6 longest wait,
--          7 most failures, 8 memory, 9 networks that are no attack; times in milliseconds
-- Returns  how long it is locked (ms, 0 lets it pass), failures, networks, 1 if these have just become an attack, now (ms)
-- One step, so that of attempts that come at once no more pass than are free. The same attempt again is not counted again.
-- Times later than now are from before the clock stepped back; they are written anew, so that no lock outlasts its wait.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lane = KEYS[3] or KEYS[1]
local own = ARGV[1] .. '.' .. ARGV[2]
local free, first, longest = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local most, memory, quiet = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])

local function text(number) return string.format('%.0f', number) end

local reset = KEYS[3] and redis.call('HGET', KEYS[1], 'r')
if reset and redis.call('HGET', lane, 'r') ~= reset then
  redis.call('UNLINK', lane)
  redis.call('HSET', lane, 'r', reset)
  redis.call('PEXPIRE', lane, memory)
end

local failures, last, names, known = 0, 0, {}, false
local fields = redis.call('HGETALL', lane)
for i = 1, #fields, 2 do
  local name, at = fields[i], tonumber(fields[i + 1])
  if name ~= 'r' then
    if not at or at > now then
      at = now
      redis.call('HSET', lane, name, text(now))
    end
    failures, last, known = failures + 1, math.max(last, at), known or name == own
    names[failures] = name
  end
end
if now - last >= memory then
  for _, name in ipairs(names) do redis.call('HDEL', lane, name) end
  failures, known = 0, false
end

local left = 0
if failures >= most then
  left = last + memory - now
elseif failures >= free then
  local wait = first
  for _ = 1, failures - free do wait = math.min(wait * 2, longest) end
  left = math.max(0, last + wait - now)
end

local networks, attacked = redis.call('PFCOUNT', KEYS[2]), 0
if known then
  left = 0
elseif ARGV[2] ~= '' and left == 0 then
  redis.call('HSET', lane, own, text(now))
  redis.call('PEXPIRE', lane, memory)
elseif ARGV[2] ~= '' and ARGV[3] ~= '' and not KEYS[3] and redis.call('PFADD', KEYS[2], ARGV[3]) == 1 then
  if redis.call('PTTL', KEYS[2]) < 0 then redis.call('PEXPIRE', KEYS[2], memory) end
  local after = redis.call('PFCOUNT', KEYS[2])
  attacked = networks <= quiet and after > quiet and 1 or 0
  networks = after
end
return {left, failures, networks, attacked, now}
