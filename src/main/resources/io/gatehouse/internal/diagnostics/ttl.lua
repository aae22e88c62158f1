-- Reads the time to live of a key.
-- KEYS[1]  the key
-- Returns  the time to live in milliseconds, -1 if it has none, -2 if the key does not exist
return redis.call('PTTL', KEYS[1])
