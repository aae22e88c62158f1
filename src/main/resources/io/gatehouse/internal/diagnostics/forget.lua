-- Removes what a trial of the cache leaves behind in one bucket.
-- KEYS  all that it may have made there
-- Returns how many there were
return redis.call('UNLINK', unpack(KEYS))
