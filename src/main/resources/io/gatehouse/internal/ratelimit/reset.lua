-- Forgets a counter.
-- KEYS[1]  the counter
-- Returns  1 if there was one, else 0
return redis.call('UNLINK', KEYS[1])
