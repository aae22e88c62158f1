-- Returns one run.
-- KEYS[1]  the run
-- Returns  {field, value, ...}, empty if the run is unknown
-- A script like all other operations; a single read.
return redis.call('HGETALL', KEYS[1])
