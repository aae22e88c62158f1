-- Increases a version, so that entries and locks that refer to an older one are void. May publish a message.
-- KEYS[1]  string: the version of a tag or of a region; KEYS[2] string: the sequence number of the bucket
-- ARGV[1]  time to live of the version, ms; ARGV[2] time to live of the sequence number, ms
-- ARGV[3]  channel; ARGV[4] message without its number, empty for none; the number gets the prefix n if the sequence
--          starts with it
-- Returns  the version
-- Atomic, so that a version never decreases, even if the clock of the server does.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local before = redis.call('GET', KEYS[1])
if before and tonumber(before) >= now then
  now = tonumber(before) + 1
end
local version = string.format('%016.0f', now)
redis.call('SET', KEYS[1], version, 'PX', ARGV[1])
if ARGV[4] ~= '' then
  local first = redis.call('SET', KEYS[2], version, 'NX') and 'n' or ''
  local sequence = redis.call('INCR', KEYS[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
  redis.call('PUBLISH', ARGV[3], first .. string.format('%.0f', sequence) .. ' ' .. ARGV[4])
end
return version
