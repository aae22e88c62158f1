-- Decides several limits at once, and charges all of them or none.
-- KEYS[i]   the counter of limit i
-- ARGV      six for each limit: kind, mode, least, most, first, second
--           kind   b: token bucket (GCRA): first is the interval of a token, second the time to fill, in microseconds
--                  w: sliding window: first is the number of tokens, second the window in microseconds
--           mode   e: its refusal refuses everything; d: dry run, its refusal is only told
--           least, most   how many tokens are wished for; it grants as many as there are up to most, or none
-- Returns   four numbers for each limit: granted, remaining, wait, reset; the last two in microseconds, wait -1 for never
-- One step, so that a refused request changes no counter and no two requests get the same token.
-- All numbers are whole and below 2^53, where doubles are exact; div is exact where / and % would round.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function div(a, b) return (a - math.fmod(a, b)) / b end

local function text(number) return string.format('%.0f', number) end

local function bucket(key, least, most, interval, full)
  local arrival = math.min(math.max(tonumber(redis.call('GET', key) or 0) or 0, now), now + full)
  local free = div(full - (arrival - now), interval)
  local granted = free >= least and math.min(most, free) or 0
  local after = arrival + granted * interval
  local wait = 0
  if granted < least then
    wait = least * interval > full and -1 or math.max(0, arrival + least * interval - now - full)
  end
  return {granted, free - granted, wait, after - now, text(after)}
end

local function window(key, least, most, tokens, length)
  local at, previous, current = string.match(redis.call('GET', key) or '', '^(%d+)/(%d+)/(%d+)$')
  at, previous, current = math.min(tonumber(at) or 0, now), tonumber(previous) or 0, tonumber(current) or 0
  if now - at >= 2 * length then
    at, previous, current = now, 0, 0
  elseif now - at >= length then
    at, previous, current = at + length, current, 0
  end
  local millis = div(length, 1000)
  local left = millis - div(now - at, 1000)
  local free = math.max(0, tokens - current - div(previous * left + millis - 1, millis))
  local granted = free >= least and math.min(most, free) or 0
  local stop = at + length - now
  local wait = 0
  if granted < least then
    local room = tokens - current - least
    if least > tokens then
      wait = -1
    elseif room >= 0 then
      local share = previous == 0 and millis or math.min(millis, div(room * millis, previous))
      wait = math.max(0, stop - share * 1000)
    else
      wait = stop + (millis - math.min(millis, div((tokens - least) * millis, current))) * 1000
    end
  end
  current = current + granted
  local reset = current > 0 and stop + length or (previous > 0 and stop or 0)
  return {granted, free - granted, wait, reset, text(at) .. '/' .. text(previous) .. '/' .. text(current)}
end

local verdicts, refused = {}, false
for i, key in ipairs(KEYS) do
  local at = (i - 1) * 6
  local judge = ARGV[at + 1] == 'b' and bucket or window
  local least = tonumber(ARGV[at + 3])
  local verdict = judge(key, least, tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6]))
  verdicts[i] = verdict
  refused = refused or (verdict[1] < least and ARGV[at + 2] == 'e')
end

local answer = {}
for i, verdict in ipairs(verdicts) do
  local granted, remaining, reset = verdict[1], verdict[2], verdict[4]
  if granted > 0 and refused then
    remaining = remaining + granted
  elseif granted > 0 then
    redis.call('SET', KEYS[i], verdict[5], 'PX', div(reset, 1000) + 1)
  end
  answer[#answer + 1] = granted
  answer[#answer + 1] = remaining
  answer[#answer + 1] = verdict[3]
  answer[#answer + 1] = reset
end
return answer
