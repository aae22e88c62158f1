-- Admits a login attempt, which then holds a place until its outcome is recorded, or returns how long its history is locked.
-- KEYS[1]  the account's history for unknown browsers, a hash: <address>.<exact name>.<attempt> = time (ms) of a failure,
--          h<time> of an attempt in progress; r = id of the last reset; a, d = abandoned attempts and new devices, <count>.<since>
-- KEYS[2]  the networks that the account was attacked from (HyperLogLog)
-- KEYS[3]  only with a device cookie: the history of that device, a hash of the same form; r = id of the last reset it has seen
-- ARGV     1 address, 2 attempt (empty only reads), 3 network (or empty), 4 free failures, 5 first wait, 6 longest wait,
--          7 most failures, 8 memory, 9 networks that are no attack, 10 exact name, 11 longest time that a place is held;
--          times in milliseconds
-- Returns  how long the history is locked (ms, 0 admits the attempt), failures, networks, 1 if this attempt brought the account
--          under attack, now (ms), 1 if only attempts in progress refuse the attempt, else 0
-- A history expires a sixth of the memory after its first attempt, twice as late after each further one, and after the whole
-- memory from the fourth, so that guesses at accounts that do not exist do not fill Redis.
-- Atomic, so that concurrent attempts cannot exceed the free failures. Idempotent: a repeated attempt is not counted again.
-- A place that was held for longer than any login takes counts as a failure. Attempts in progress never lengthen a wait.
-- Times later than now are from before the clock stepped back; the script replaces them.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local history = KEYS[3] or KEYS[1]
local own = ARGV[1] .. '.' .. ARGV[10] .. '.' .. ARGV[2]
local free, first, longest = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local most, memory, quiet, hold = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[11])

local function text(number) return string.format('%.0f', number) end

-- Never shortens the time to live, because a history may hold the id of a reset. Devices belong to accounts that exist.
local function keep(count)
  local life = KEYS[3] and memory or math.min(memory, memory / 6 * 2 ^ (count - 1))
  if redis.call('PTTL', history) < life then redis.call('PEXPIRE', history, text(life)) end
end

local function locked(failures, last)
  if failures >= most then return last + memory - now end
  if failures < free then return 0 end
  local wait = first
  for _ = 1, failures - free do wait = math.min(wait * 2, longest) end
  return math.max(0, last + wait - now)
end

local reset = KEYS[3] and redis.call('HGET', KEYS[1], 'r')
if reset and redis.call('HGET', history, 'r') ~= reset then
  redis.call('UNLINK', history)
  redis.call('HSET', history, 'r', reset)
  redis.call('PEXPIRE', history, memory)
end

local attempts, last, held, failed, names, known = 0, 0, 0, 0, {}, false
local fields = redis.call('HGETALL', history)
for i = 1, #fields, 2 do
  local name, value = fields[i], fields[i + 1]
  if string.find(name, '.', 1, true) then
    local mark = string.sub(value, 1, 1) == 'h' and 'h' or ''
    local at = tonumber(string.sub(value, #mark + 1))
    if not at or at > now then
      at = now
      redis.call('HSET', history, name, mark .. text(now))
    end
    attempts, last, known = attempts + 1, math.max(last, at), known or name == own
    names[attempts] = name
    if mark == 'h' and now - at < hold then held = held + 1 else failed = math.max(failed, at) end
  end
end
if now - last >= memory then
  for _, name in ipairs(names) do redis.call('HDEL', history, name) end
  attempts, held, known = 0, 0, false
end

local left, busy = locked(attempts, last), 0
if left > 0 and held > 0 then
  local without = locked(attempts - held, failed)
  busy = without == 0 and 1 or 0
  if busy == 0 then left = without end
end

local networks, attacked = redis.call('PFCOUNT', KEYS[2]), 0
if known then
  left, busy = 0, 0
elseif ARGV[2] ~= '' and left == 0 then
  redis.call('HSET', history, own, 'h' .. text(now))
  keep(attempts + 1)
elseif ARGV[2] ~= '' and ARGV[3] ~= '' and busy == 0 and not KEYS[3] and redis.call('PFADD', KEYS[2], ARGV[3]) == 1 then
  local after = redis.call('PFCOUNT', KEYS[2])
  if redis.call('PTTL', KEYS[2]) < 0 or after == 2 then
    redis.call('PEXPIRE', KEYS[2], after < 2 and text(memory / 6) or memory)
  end
  attacked = networks <= quiet and after > quiet and 1 or 0
  networks = after
end
return {left, attempts, networks, attacked, now, busy}
