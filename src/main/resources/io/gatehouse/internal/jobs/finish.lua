-- Ends a run, or returns it to the queue.
-- KEYS[1]  the queue   KEYS[2]  the running runs   KEYS[3]  the ended runs, scored by their end (microseconds)   KEYS[4]  the run
-- ARGV[1]  the id   ARGV[2]  the fencing token   ARGV[3]  the state: 'queued' returns the run to the queue, unless it was cancelled
-- ARGV[4]  time to live of a run (ms)   ARGV[5]  the maximum number of ended runs
-- ARGV[6]  done   ARGV[7]  total   ARGV[8]  a message   ARGV[9]  the result for people
-- ARGV[10]  the counts of the result: done, failed, skipped, total, 1 if complete; empty without a result
-- Returns  1, or 0 if another node has the run or it is unknown; nothing is changed then
-- Atomic, so that a node that has lost the run cannot end it. Idempotent: the second call finds the run in that state.
-- A run that is returned has not used an attempt.
local fields = redis.call('HMGET', KEYS[4], 'state', 'fence', 'submitted', 'cancel', 'attempts')
if fields[2] ~= ARGV[2] then return 0 end
local state = (ARGV[3] == 'queued' and fields[4]) and 'cancelled' or ARGV[3]
if fields[1] ~= 'running' then return fields[1] == state and 1 or 0 end

if state == 'queued' then
  redis.call('HSET', KEYS[4], 'state', state, 'attempts', math.max((tonumber(fields[5]) or 0) - 1, 0))
  redis.call('ZADD', KEYS[1], tonumber(fields[3]) and fields[3] or 0, ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  redis.call('PEXPIRE', KEYS[4], ARGV[4])
  return 1
end

local time = redis.call('TIME')
local finished = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('HSET', KEYS[4], 'state', state, 'finished', finished,
  'done', ARGV[6], 'total', ARGV[7], 'message', ARGV[8], 'result', ARGV[9], 'counts', ARGV[10])
redis.call('PEXPIRE', KEYS[4], ARGV[4])
redis.call('ZADD', KEYS[3], finished, ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('ZREM', KEYS[2], ARGV[1])
for _, id in ipairs(redis.call('ZRANGE', KEYS[3], 0, -ARGV[5] - 1)) do
  redis.call('UNLINK', string.sub(KEYS[1], 1, -2) .. 'r:' .. id)
  redis.call('ZREM', KEYS[3], id)
end
return 1
