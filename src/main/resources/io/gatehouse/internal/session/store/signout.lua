-- Revokes all sessions of a user: from now on, only the sessions in a sorted set are accepted.
-- KEYS[1]  the accepted sessions of the user   KEYS[2]  the leases on the sessions of the user
-- ARGV[1]  lifetime of the revocation in milliseconds, at least that of any session
-- ARGV[2]  the session to keep, or ''; a session that is revoked already is not accepted again
-- ARGV[3], ARGV[4], ARGV[5]  prefix of the channels, name of this node, message to the nodes with a lease
-- Returns  the nodes with a lease, and its number
-- Atomic, so that a concurrent login happens either before or after. Removes the key first: Redis does not apply
-- the memory limit to a script that has already written.
local kind = redis.call('TYPE', KEYS[1]).ok
local stays = ARGV[2] ~= '' and (kind == 'none' or (kind == 'zset' and redis.call('ZSCORE', KEYS[1], ARGV[2])))
redis.call('UNLINK', KEYS[1])
redis.call('ZADD', KEYS[1], '+inf', '-')
if stays then redis.call('ZADD', KEYS[1], '+inf', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return notify({}, KEYS[2], ARGV[3], ARGV[4], ARGV[5])
