-- Removes a session: one that is alive, or one whose end was claimed and has been told.
-- KEYS[1]  the record   KEYS[2]  the expiry index of its bucket
-- ARGV[1]  the member of the index
-- ARGV[2]  'alive' to end a session that nobody has claimed, 'claimed' to remove one that was
-- Returns  1 if there was such a session, else 0
-- One step, so that no index entry outlives its record, and only one node ends a session. Removes only, so it works while
-- Redis is full.
local claimed = redis.call('HEXISTS', KEYS[1], 'e') == 1
if claimed ~= (ARGV[2] == 'claimed') then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('UNLINK', KEYS[1])
