-- Stores an entry or removes it, whoever is filling it, and tells all nodes.
-- KEYS[1]  string: the entry; KEYS[2] string: its fill lease; KEYS[3] string: the sequence of its bucket
-- KEYS[4..] strings: the stamps of the entry's tags
-- ARGV[1]  how long the entry is kept, ms; ARGV[2] how long stamps are kept, ms; ARGV[3] the envelope, empty to remove
-- ARGV[4]  how long the sequence is kept, ms; ARGV[5] channel; ARGV[6] message without its number, which has an n in front
--          where the sequence begins
-- Returns  1 if there was an entry, 0 if not
-- One step, so that the sequence says which entry came last. DEL comes first: it is allowed where memory is full.
local there = redis.call('DEL', KEYS[1])
redis.call('DEL', KEYS[2])
local time = redis.call('TIME')
local now = string.format('%016.0f', time[1] * 1000000 + time[2])
if ARGV[3] ~= '' then
  local stamps = ''
  for i = 4, #KEYS do
    if not redis.call('SET', KEYS[i], now, 'NX', 'PX', ARGV[2]) and redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then
      redis.call('PEXPIRE', KEYS[i], ARGV[2])
    end
    stamps = stamps .. redis.call('GET', KEYS[i])
  end
  redis.call('SET', KEYS[1], string.char(#stamps / 16) .. stamps .. ARGV[3], 'PX', ARGV[1])
end
local first = redis.call('SET', KEYS[3], now, 'NX') and 'n' or ''
local sequence = redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('PUBLISH', ARGV[5], first .. string.format('%.0f', sequence) .. ' ' .. ARGV[6])
return there
