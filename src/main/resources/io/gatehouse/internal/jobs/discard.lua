-- Deletes a dead run.
-- KEYS[1]  the run   KEYS[2]  the dead runs
-- ARGV[1]  the id
-- Returns  1, or 0 if the run is in another state or unknown
-- Atomic, because an operator may return the run to the queue concurrently. Not idempotent: the second call finds no run.
if redis.call('HGET', KEYS[1], 'state') ~= 'dead' then return 0 end
redis.call('UNLINK', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
