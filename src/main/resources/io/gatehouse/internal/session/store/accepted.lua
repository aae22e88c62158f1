-- Checks a session against the revocation of its user's sessions. Takes a lease on the answer, if a second key is given.
-- KEYS[1]  the accepted sessions of the user; absent if there was no revocation
-- KEYS[2]  the leases on the sessions of the user, optional
-- ARGV[1]  the session   ARGV[2]  lifetime of the revocation in milliseconds
-- ARGV[3], ARGV[4]  with KEYS[2]: the name of the node, and the number of its request
-- Returns  2 if the session is accepted and the node has a lease, 1 if it is only accepted, otherwise 0
-- Atomic, because a revocation that has just rejected a session must not expire before this session.
if redis.call('ZCARD', KEYS[1]) == 0 or redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return KEYS[2] and take(KEYS[2], ARGV[3], ARGV[4]) and 2 or 1
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
