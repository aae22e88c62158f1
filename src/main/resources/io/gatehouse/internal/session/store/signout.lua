-- Signs a user out everywhere: from now on only the sessions on a list may be used.
-- KEYS[1]  the list
-- ARGV[1]  milliseconds that it lasts, which is as long as any session
-- ARGV[2]  the session that stays, or ''; one that was signed out before stays out
-- Returns  1
-- One step, so that no log-in at the same moment gets in between. It begins with removing, because a full Redis lets go on
-- what has begun so.
local kind = redis.call('TYPE', KEYS[1]).ok
local stays = ARGV[2] ~= '' and (kind == 'none' or (kind == 'zset' and redis.call('ZSCORE', KEYS[1], ARGV[2])))
redis.call('UNLINK', KEYS[1])
redis.call('ZADD', KEYS[1], '+inf', '-')
if stays then redis.call('ZADD', KEYS[1], '+inf', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
