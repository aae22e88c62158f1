-- Returns the most used keys of a region.
-- KEYS[1]  a sorted set: keys of one region, scored by their use
-- ARGV[1]  the maximum number of keys
-- Returns  keys, in descending order of use
-- Read-only.
return redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1)
