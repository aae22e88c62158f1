-- Deletes a counter.
-- KEYS[1]  the counter
-- Returns  1 if the counter existed, else 0
return redis.call('UNLINK', KEYS[1])
