-- Ends a run, or gives it back to the queue.
-- KEYS[1]  the queue   KEYS[2]  what runs   KEYS[3]  what has ended, scored by when (microseconds)   KEYS[4]  the run
-- ARGV[1]  the id   ARGV[2]  the fencing token   ARGV[3]  the state: 'queued' gives it back, unless it was cancelled
-- ARGV[4]  how long a run is kept (ms)   ARGV[5]  how many that have ended are kept
-- ARGV[6]  done   ARGV[7]  of how many   ARGV[8]  a message   ARGV[9]  the result for people
-- ARGV[10]  the counts of the result: done, failed, skipped, total, 1 if complete; empty without a result
-- Returns  1, or 0 if the run is another node's by now, or gone: then nothing was changed
-- One step, so that a node that has lost the run cannot end it. Repeatable: the second time finds it in that state.
-- What was given back has not used up an attempt.
local of = redis.call('HMGET', KEYS[4], 'state', 'fence', 'submitted', 'cancel', 'attempts')
if of[2] ~= ARGV[2] then return 0 end
local state = (ARGV[3] == 'queued' and of[4]) and 'cancelled' or ARGV[3]
if of[1] ~= 'running' then return of[1] == state and 1 or 0 end

if state == 'queued' then
  redis.call('HSET', KEYS[4], 'state', state, 'attempts', math.max((tonumber(of[5]) or 0) - 1, 0))
  redis.call('ZADD', KEYS[1], tonumber(of[3]) and of[3] or 0, ARGV[1])
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
