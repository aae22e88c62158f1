-- Removes clients from the list of blocked ones.
-- KEYS     as in block.lua
-- ARGV     the counters
-- Returns  how many of them were in the list
redis.call('HDEL', KEYS[2], unpack(ARGV))
return redis.call('ZREM', KEYS[1], unpack(ARGV))
