-- Finds the keys of a region that are used most.
-- KEYS[1]  a sorted set: keys of one region, scored by their use
-- ARGV[1]  how many are wanted
-- Returns  keys, the most used first
-- Nothing is changed; one command needs no other step.
return redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1)
