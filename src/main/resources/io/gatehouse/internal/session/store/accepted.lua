-- Tells whether a user was signed out everywhere and a session is none of those that may be used since.
-- KEYS[1]  the list of those that may; not there if the user was not signed out
-- ARGV[1]  the session   ARGV[2]  milliseconds that the list lasts
-- Returns  1 if the session may be used, else 0
-- One step, so that a list that has just refused somebody cannot end before what it refuses.
if redis.call('ZCARD', KEYS[1]) == 0 or redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
