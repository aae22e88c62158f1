-- Stores the value that the holder of a load lock has loaded, unless an invalidation has made the lock void.
-- KEYS[1]  string: the entry; KEYS[2] string: its load lock; KEYS[3] string: the version of its region
-- ARGV[1]  token of the holder; ARGV[2] time to live of the entry, ms; ARGV[3] the encoded entry, empty to release the lock only
-- Returns  1 if the value was stored, 0 if not
-- Atomic, so that a value loaded before an invalidation is never stored after it.
-- The lock is the token (16 characters), the version of the region (16) and the version of each tag (16 each).
local lock = redis.call('GET', KEYS[2])
if not lock or string.sub(lock, 1, 16) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
if ARGV[3] == '' or string.sub(lock, 17, 32) ~= redis.call('GET', KEYS[3]) then
  return 0
end
local versions = string.sub(lock, 33)
redis.call('SET', KEYS[1], string.char(#versions / 16) .. versions .. ARGV[3], 'PX', ARGV[2])
return 1
