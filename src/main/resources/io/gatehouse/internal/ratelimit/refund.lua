-- Completes charges: refunds the tokens that are not to count, and releases the tokens that were held.
-- KEYS      the counters of the limits, then the number of held tokens of each, as in decide.lua
-- ARGV      five for each limit: kind, tokens to refund, first, second, tokens that were held; as in decide.lua
-- Returns   1
-- Atomic, so that no concurrent charge is lost.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function text(number) return string.format('%.0f', number) end

local function keep(key, value, micros)
  redis.call('SET', key, value, 'PX', math.floor(micros / 1000) + 1)
end

local function bucket(key, tokens, interval)
  local arrival = (tonumber(redis.call('GET', key) or 0) or 0) - tokens * interval
  if arrival > now then keep(key, text(arrival), arrival - now) else redis.call('UNLINK', key) end
end

local function window(key, tokens, limit, length)
  local at, previous, current = string.match(redis.call('GET', key) or '', '^(%d+)/(%d+)/(%d+)$')
  at, previous, current = math.min(tonumber(at) or 0, now), tonumber(previous) or 0, tonumber(current) or 0
  if now - at >= length then
    at, previous, current = at + length, current, 0
  end
  local rest = math.max(0, tokens - current)
  current, previous = math.max(0, current - tokens), math.max(0, previous - rest)
  local stop = at + length - now
  if current > 0 then
    stop = stop + length
  elseif previous == 0 then
    stop = 0
  end
  if stop > 0 then
    keep(key, text(at) .. '/' .. text(previous) .. '/' .. text(current), stop)
  else
    redis.call('UNLINK', key)
  end
end

local count = #ARGV / 5
for i = 1, count do
  local at, key, holds = (i - 1) * 5, KEYS[i], KEYS[count + i]
  local refund = ARGV[at + 1] == 'b' and bucket or window
  local tokens, release = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 5])
  if tokens > 0 then refund(key, tokens, tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])) end
  local held = release > 0 and tonumber(redis.call('GET', holds) or 0) or 0
  if held > release then
    redis.call('SET', holds, text(held - release), 'KEEPTTL')
  elseif held > 0 then
    redis.call('UNLINK', holds)
  end
end
return 1
