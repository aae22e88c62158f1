-- Ends a run, or returns it to the queue.
-- KEYS[1]  the queue   KEYS[2]  the running runs   KEYS[3]  the ended runs, scored by their end (microseconds)   KEYS[4]  the run
-- KEYS[5]  the dead runs, scored by their end
-- ARGV[1]  the id   ARGV[2]  the fencing token   ARGV[3]  the state: 'queued' returns the run to the queue, unless it was cancelled;
--          'retry' does so after a pause, and the attempt counts
-- ARGV[4]  time to live of a run (ms)   ARGV[5]  the maximum number of ended runs
-- ARGV[6]  done   ARGV[7]  total   ARGV[8]  a message   ARGV[9]  the result for people
-- ARGV[10]  the counts of the result: done, failed, skipped, total, 1 if complete; empty without a result
-- ARGV[11]  the pause (ms)   ARGV[12]  the longest delay (ms), also the time to live of a dead run
-- ARGV[13]  the maximum number of dead runs
-- Returns  1, or 0 if another node has the run or it is unknown; nothing is changed then
-- Atomic, so that a node that has lost the run cannot end it. Idempotent: the second call finds the run in that state.
-- A run that is returned, but not for a retry, has not used an attempt.
local fields = redis.call('HMGET', KEYS[4], 'state', 'fence', 'submitted', 'cancel', 'attempts', 'due')
if fields[2] ~= ARGV[2] then return 0 end
local waits = ARGV[3] == 'queued' or ARGV[3] == 'retry'
local state = waits and (fields[4] and 'cancelled' or 'queued') or ARGV[3]
if fields[1] ~= 'running' then return fields[1] == state and 1 or 0 end
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]

if state == 'queued' then
  local due = tonumber(fields[6]) and fields[6] or tonumber(fields[3]) and fields[3] or 0
  if ARGV[3] == 'retry' then
    due = string.format('%.0f', micros + ARGV[11] * 1000)
    redis.call('HSET', KEYS[4], 'state', state, 'due', due, 'message', ARGV[8])
  else
    redis.call('HSET', KEYS[4], 'state', state, 'attempts', math.max((tonumber(fields[5]) or 0) - 1, 0))
  end
  redis.call('ZADD', KEYS[1], due, ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[4] + ARGV[12])
  redis.call('PEXPIRE', KEYS[4], ARGV[4] + ARGV[11])
  return 1
end

local finished = string.format('%.0f', micros)
local ended, ttl, most = KEYS[3], ARGV[4], ARGV[5]
if state == 'dead' then ended, ttl, most = KEYS[5], ARGV[12], ARGV[13] end
redis.call('HSET', KEYS[4], 'state', state, 'finished', finished,
  'done', ARGV[6], 'total', ARGV[7], 'message', ARGV[8], 'result', ARGV[9], 'counts', ARGV[10])
redis.call('PEXPIRE', KEYS[4], ttl)
redis.call('ZADD', ended, finished, ARGV[1])
redis.call('PEXPIRE', ended, ttl)
redis.call('ZREM', KEYS[2], ARGV[1])
for _, id in ipairs(redis.call('ZRANGE', ended, 0, -most - 1)) do
  redis.call('UNLINK', string.sub(KEYS[1], 1, -2) .. 'r:' .. id)
  redis.call('ZREM', ended, id)
end
return 1
