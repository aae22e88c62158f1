-- Replaces an entry if it is still the one that the caller has read, makes a running load of it void, and publishes the change.
-- KEYS[1]  string: the entry; KEYS[2] string: its load lock; KEYS[3] string: the sequence number of its bucket
-- KEYS[4..] strings: the versions of the entry's tags
-- ARGV[1]  time to live of the entry, ms; ARGV[2] time to live of versions, ms; ARGV[3] the encoded entry
-- ARGV[4]  time to live of the sequence number, ms; ARGV[5] channel; ARGV[6] message without its number, which gets
--          the prefix n if the sequence starts with it
-- ARGV[7]  the last 16 bytes of the entry that the caller has read, empty if there was none
-- Returns  {} if the entry was replaced; {entry} if another one is stored, empty for none
-- Atomic, so that of several callers that have read the same entry, one replaces it.
-- Keeps the tag versions of the replaced entry, so that a tag that was invalidated meanwhile stays invalid.
local entry = redis.call('GET', KEYS[1]) or ''
if string.sub(entry, -16) ~= ARGV[7] then
  return {entry}
end
local versions = string.char(0)
if #KEYS > 3 then
  versions = string.sub(entry, 1, 1 + 16 * (#KEYS - 3))
end
redis.call('SET', KEYS[1], versions .. ARGV[3], 'PX', ARGV[1])
redis.call('DEL', KEYS[2])
for i = 4, #KEYS do
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  end
end
local time = redis.call('TIME')
local now = string.format('%016.0f', time[1] * 1000000 + time[2])
local first = redis.call('SET', KEYS[3], now, 'NX') and 'n' or ''
local sequence = redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('PUBLISH', ARGV[5], first .. string.format('%.0f', sequence) .. ' ' .. ARGV[6])
return {}
