-- Counts. KEYS[1] counter. Returns the new count.
local count = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], 60000)
return count
