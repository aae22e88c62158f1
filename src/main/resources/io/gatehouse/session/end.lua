-- Ends a session.
-- KEYS[1]  the record   KEYS[2]  the expiry index of its bucket
-- ARGV[1]  the member of the index
-- Returns  1 if there was such a session, else 0
-- One step, so that no index entry outlives its record. Removes only, so it works while Redis is full.
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('UNLINK', KEYS[1])
