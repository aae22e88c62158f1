-- Reads. KEYS[1] a string. Returns it.
return redis.call('GET', KEYS[1])
