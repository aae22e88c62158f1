-- Stores or removes an entry, makes a running load of it void, and publishes the change.
-- KEYS[1]  string: the entry; KEYS[2] string: its load lock; KEYS[3] string: the sequence number of its bucket
-- KEYS[4..] strings: the versions of the entry's tags
-- ARGV[1]  time to live of the entry, ms; ARGV[2] time to live of versions, ms; ARGV[3] the encoded entry, empty to remove it
-- ARGV[4]  time to live of the sequence number, ms; ARGV[5] channel; ARGV[6] message without its number, which gets
--          the prefix n if the sequence starts with it
-- Returns  1 if there was an entry, 0 if not
-- Atomic, so that the order of the messages is the order of the changes. DEL comes first, because Redis allows it when memory is full.
local existed = redis.call('DEL', KEYS[1])
redis.call('DEL', KEYS[2])
local time = redis.call('TIME')
local now = string.format('%016.0f', time[1] * 1000000 + time[2])
if ARGV[3] ~= '' then
  local versions = ''
  for i = 4, #KEYS do
    if not redis.call('SET', KEYS[i], now, 'NX', 'PX', ARGV[2]) and redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then
      redis.call('PEXPIRE', KEYS[i], ARGV[2])
    end
    versions = versions .. redis.call('GET', KEYS[i])
  end
  redis.call('SET', KEYS[1], string.char(#versions / 16) .. versions .. ARGV[3], 'PX', ARGV[1])
end
local first = redis.call('SET', KEYS[3], now, 'NX') and 'n' or ''
local sequence = redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('PUBLISH', ARGV[5], first .. string.format('%.0f', sequence) .. ' ' .. ARGV[6])
return existed
