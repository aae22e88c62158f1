-- Cancels a run. A queued run ends at once; a running one gets a flag, which its node reads when it renews the lease.
-- KEYS[1]  the queue   KEYS[2]  the ended runs   KEYS[3]  the run
-- ARGV[1]  the id   ARGV[2]  time to live of a run (ms)   ARGV[3]  the maximum number of ended runs
-- Returns  1 if the run is cancelled or has the flag, 0 if it has ended otherwise or is unknown
-- Atomic, because a node may claim the run concurrently.
local state = redis.call('HGET', KEYS[3], 'state')
if state == 'running' then
  redis.call('HSET', KEYS[3], 'cancel', 1)
  return 1
end
if state ~= 'queued' then return state == 'cancelled' and 1 or 0 end
local time = redis.call('TIME')
local finished = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('HSET', KEYS[3], 'state', 'cancelled', 'finished', finished)
redis.call('PEXPIRE', KEYS[3], ARGV[2])
redis.call('ZADD', KEYS[2], finished, ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[1], ARGV[1])
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -ARGV[3] - 1)) do
  redis.call('UNLINK', string.sub(KEYS[1], 1, -2) .. 'r:' .. id)
  redis.call('ZREM', KEYS[2], id)
end
return 1
