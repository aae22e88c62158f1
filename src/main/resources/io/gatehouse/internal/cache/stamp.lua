-- Gives a stamp a new value, so that nothing which saw an older one counts any more, and may tell all nodes.
-- KEYS[1]  string: the stamp of a tag or the fence of a region; KEYS[2] string: the sequence of the bucket
-- ARGV[1]  how long the stamp is kept, ms; ARGV[2] how long the sequence is kept, ms
-- ARGV[3]  channel; ARGV[4] message without its number, empty to tell nobody; the number has an n in front where the
--          sequence begins
-- Returns  the stamp
-- One step, so that a stamp never goes back, also where the clock of the server does.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local before = redis.call('GET', KEYS[1])
if before and tonumber(before) >= now then
  now = tonumber(before) + 1
end
local stamp = string.format('%016.0f', now)
redis.call('SET', KEYS[1], stamp, 'PX', ARGV[1])
if ARGV[4] ~= '' then
  local first = redis.call('SET', KEYS[2], stamp, 'NX') and 'n' or ''
  local sequence = redis.call('INCR', KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
  redis.call('PUBLISH', ARGV[3], first .. string.format('%.0f', sequence) .. ' ' .. ARGV[4])
end
return stamp
