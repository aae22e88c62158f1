-- Counts. KEYS[1] counter. Returns the new count.
return redis.call('INCR', KEYS[1])
