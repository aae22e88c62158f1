-- Deletes the keys that the smoke test of the cache may have created in one bucket.
-- KEYS  the keys
-- Returns how many of them existed
return redis.call('UNLINK', unpack(KEYS))
