-- Checks a session against the revocation of its user's sessions.
-- KEYS[1]  the accepted sessions of the user; absent if there was no revocation
-- ARGV[1]  the session   ARGV[2]  lifetime of the revocation in milliseconds
-- Returns  1 if the session is accepted, otherwise 0
-- Atomic, because a revocation that has just rejected a session must not expire before this session.
if redis.call('ZCARD', KEYS[1]) == 0 or redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
