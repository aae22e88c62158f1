-- Counts the sessions of a bucket; those that are over and not cleaned up count too.
-- KEYS[1]  an expiry index
-- Returns  how many
-- A script because that is what a flight carries.
return redis.call('ZCARD', KEYS[1])
