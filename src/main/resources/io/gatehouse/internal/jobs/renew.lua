-- Renews the lease of a run, stores its progress, and returns whether it must stop.
-- KEYS[1]  the running runs   KEYS[2]  the run
-- ARGV[1]  the id   ARGV[2]  the fencing token   ARGV[3]  the lease (ms)   ARGV[4]  time to live of a run (ms)
-- ARGV[5]  done   ARGV[6]  total   ARGV[7]  a message
-- Returns  'renewed' | 'cancelled' (renewed as well, so that the handler has time to stop) | 'lost'
-- Atomic, because another node may claim the run at any moment after the lease has expired.
local fields = redis.call('HMGET', KEYS[2], 'state', 'fence', 'cancel')
if fields[1] ~= 'running' or fields[2] ~= ARGV[2] then return 'lost' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], 'done', ARGV[5], 'total', ARGV[6], 'message', ARGV[7])
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return fields[3] and 'cancelled' or 'renewed'
