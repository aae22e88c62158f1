-- Decides several limits together, and charges all of them or none.
-- KEYS      the counters of the limits, then, for each limit whose mode contains an h, the number of its tokens that are held
-- ARGV      six for each limit: kind, mode, least, most, first, second
--           kind   b: token bucket (GCRA): first is the interval of a token, second the refill time, in microseconds
--                  w: sliding window: first is the number of tokens, second the length of the window in microseconds
--           mode   e: enforced, its refusal refuses the request; d: dry run, its refusal is only reported; eh, dh: the same,
--                  and the charged tokens are held until the outcome is known
--           least, most   the requested tokens; the limit grants as many as it has, up to most, or none if it has fewer than least
-- Returns   five numbers for each limit: granted, remaining, wait, reset, busy; wait and reset in microseconds, wait -1 for
--           never; busy is 1 if the limit refuses only because of held tokens, which never lengthen a wait
-- Atomic, so that a refused request changes no counter and no two requests get the same token.
-- All numbers are whole and below 2^53, where doubles are exact; div is exact where / and % would round.
-- Optimized by measurement: %d formats a number in half the time of %.0f (but not where a long has 32 bits); one MGET, and no
-- table for each limit, each save a tenth.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local fmod, max, min, format = math.fmod, math.max, math.min, string.format
local WHOLE = format('%d', 2 ^ 40) == '1099511627776' and '%d' or '%.0f'

local function div(a, b) return (a - fmod(a, b)) / b end

local function bucket(stored, least, most, interval, full)
  local arrival = min(max(tonumber(stored or 0) or 0, now), now + full)
  local free = div(full - (arrival - now), interval)
  local granted = free >= least and min(most, free) or 0
  local after = arrival + granted * interval
  local wait = 0
  if granted < least then
    wait = least * interval > full and -1 or max(0, arrival + least * interval - now - full)
  end
  return granted, free - granted, wait, after - now, format(WHOLE, after)
end

local function window(stored, least, most, tokens, length)
  local at, previous, current = string.match(stored or '', '^(%d+)/(%d+)/(%d+)$')
  at, previous, current = min(tonumber(at) or 0, now), tonumber(previous) or 0, tonumber(current) or 0
  if now - at >= 2 * length then
    at, previous, current = now, 0, 0
  elseif now - at >= length then
    at, previous, current = at + length, current, 0
  end
  local millis = div(length, 1000)
  local left = millis - div(now - at, 1000)
  local free = max(0, tokens - current - div(previous * left + millis - 1, millis))
  local granted = free >= least and min(most, free) or 0
  local stop = at + length - now
  local wait = 0
  if granted < least then
    local room = tokens - current - least
    if least > tokens then
      wait = -1
    elseif room >= 0 then
      local share = previous == 0 and millis or min(millis, div(room * millis, previous))
      wait = max(0, stop - share * 1000)
    else
      wait = stop + (millis - min(millis, div((tokens - least) * millis, current))) * 1000
    end
  end
  current = current + granted
  local reset = current > 0 and stop + length or (previous > 0 and stop or 0)
  local value = format(WHOLE, at) .. '/' .. format(WHOLE, previous) .. '/' .. format(WHOLE, current)
  return granted, free - granted, wait, reset, value
end

-- Returns the counter as it would be if all held tokens were refunded.
local function without(kind, stored, held, first)
  if kind == 'b' then return (tonumber(stored or 0) or 0) - held * first end
  local at, previous, current = string.match(stored or '', '^(%d+)/(%d+)/(%d+)$')
  previous, current = tonumber(previous) or 0, tonumber(current) or 0
  local rest = max(0, held - current)
  return format(WHOLE, tonumber(at) or 0) .. '/' .. format(WHOLE, max(0, previous - rest)) .. '/'
    .. format(WHOLE, max(0, current - held))
end

local stored = redis.call('MGET', unpack(KEYS))
local count = #ARGV / 6
local answer, values, holds, refused, last = {}, {}, {}, false, count
for i = 1, count do
  local to, from = (i - 1) * 5, (i - 1) * 6
  local judge = ARGV[from + 1] == 'b' and bucket or window
  local least = ARGV[from + 3] + 0
  answer[to + 1], answer[to + 2], answer[to + 3], answer[to + 4], values[i] =
    judge(stored[i], least, ARGV[from + 4] + 0, ARGV[from + 5] + 0, ARGV[from + 6] + 0)
  answer[to + 5] = 0
  local mode = ARGV[from + 2]
  if #mode == 2 then
    last = last + 1
    holds[i] = last
    local held = tonumber(stored[last] or 0) or 0
    if answer[to + 1] < least and held > 0 then
      local first = ARGV[from + 5] + 0
      local _, _, wait = judge(without(ARGV[from + 1], stored[i], held, first), least, least, first, ARGV[from + 6] + 0)
      answer[to + 3], answer[to + 5] = wait, wait == 0 and 1 or 0
    end
  end
  refused = refused or (answer[to + 1] < least and string.sub(mode, 1, 1) == 'e')
end

for i = 1, count do
  local to = (i - 1) * 5
  local granted, reset = answer[to + 1], answer[to + 4]
  if granted > 0 and refused then
    answer[to + 2] = answer[to + 2] + granted
  elseif granted > 0 then
    redis.call('SET', KEYS[i], values[i], 'PX', format(WHOLE, div(reset, 1000) + 1))
    if holds[i] then
      local held = tonumber(stored[holds[i]] or 0) or 0
      if held > 0 then
        redis.call('SET', KEYS[holds[i]], format(WHOLE, held + granted), 'KEEPTTL')
      else
        redis.call('SET', KEYS[holds[i]], format(WHOLE, granted), 'PX', 60000)
      end
    end
  end
end
return answer
