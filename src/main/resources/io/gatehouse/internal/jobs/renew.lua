-- Renews the lease of a run, notes how far it is, and hears whether it is to stop.
-- KEYS[1]  what runs   KEYS[2]  the run
-- ARGV[1]  the id   ARGV[2]  the fencing token   ARGV[3]  the lease (ms)   ARGV[4]  how long a run is kept (ms)
-- ARGV[5]  done   ARGV[6]  of how many   ARGV[7]  a message
-- Returns  'renewed' | 'cancelled' (renewed too, so that the work has time to stop) | 'lost'
-- One step, because another node may take the run over at any moment once the lease is over.
local of = redis.call('HMGET', KEYS[2], 'state', 'fence', 'cancel')
if of[1] ~= 'running' or of[2] ~= ARGV[2] then return 'lost' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[2], 'done', ARGV[5], 'total', ARGV[6], 'message', ARGV[7])
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return of[3] and 'cancelled' or 'renewed'
