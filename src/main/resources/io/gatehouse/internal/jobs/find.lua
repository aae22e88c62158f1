-- Tells of one run.
-- KEYS[1]  the run
-- Returns  {field, value, ...}, empty if it is not there
-- A script because everything that is sent to Redis is one; one read is one step anyhow.
return redis.call('HGETALL', KEYS[1])
