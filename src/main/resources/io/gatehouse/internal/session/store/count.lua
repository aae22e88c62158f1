-- Counts the sessions of a bucket, including expired sessions that are not removed yet.
-- KEYS[1]  an expiry index
-- Returns  the number of sessions
-- A script, because pipelines consist of scripts.
return redis.call('ZCARD', KEYS[1])
