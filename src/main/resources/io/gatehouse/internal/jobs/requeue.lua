-- Returns a dead or failed run to the queue, with all attempts.
-- KEYS[1]  the queue   KEYS[2]  the run   KEYS[3]  the ended runs   KEYS[4]  the dead runs
-- ARGV[1]  the id   ARGV[2]  time to live of a run (ms)   ARGV[3]  the maximum length of the queue   ARGV[4]  the longest delay (ms)
-- Returns  'queued' | 'full' | 'not dead'
-- Atomic, because an operator may discard the run concurrently. Idempotent: a queued run stays queued.
local state = redis.call('HGET', KEYS[2], 'state')
if state == 'queued' then return 'queued' end
if state ~= 'dead' and state ~= 'failed' then return 'not dead' end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 'full' end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('HSET', KEYS[2], 'state', 'queued', 'attempts', 0, 'due', now)
redis.call('HDEL', KEYS[2], 'finished', 'result', 'counts', 'cancel')
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[4])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
return 'queued'
