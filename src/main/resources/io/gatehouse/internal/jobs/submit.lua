-- Adds a run to the queue.
-- KEYS[1]  the queue   KEYS[2]  the run   KEYS[3]  the running runs   KEYS[4]  the last period for which the job was submitted once
-- ARGV[1]  the id   ARGV[2]  the name   ARGV[3]  the node that submits   ARGV[4]  the signature
-- ARGV[5]  time to live of a run (ms)   ARGV[6]  the maximum length of the queue
-- ARGV[7]  0, or the length of a period (ms) in which the job is submitted once
-- ARGV[8...]  argument, value, ...
-- Returns  'submitted' | 'not now' (the period has a run, or a run of the job is queued or running) | 'full'
-- Atomic, so that one node submits in a period. Idempotent: a known id is not submitted again.
if redis.call('HEXISTS', KEYS[2], 'name') == 1 then return 'submitted' end
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local period = tonumber(ARGV[7])
local this = string.format('%.0f', math.floor(micros / 1000 / math.max(period, 1)))
if period > 0 then
  if redis.call('GET', KEYS[4]) == this then return 'not now' end
  local runs = string.sub(KEYS[1], 1, -2) .. 'r:'
  for _, key in ipairs({KEYS[1], KEYS[3]}) do
    for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
      if redis.call('HGET', runs .. id, 'name') == ARGV[2] then return 'not now' end
    end
  end
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[6]) then return 'full' end

local submitted = string.format('%.0f', micros)
redis.call('HSET', KEYS[2], 'name', ARGV[2], 'by', ARGV[3], 'tag', ARGV[4], 'state', 'queued', 'submitted', submitted)
for i = 8, #ARGV, 2 do redis.call('HSET', KEYS[2], 'a:' .. ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[1], submitted, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if period > 0 then redis.call('SET', KEYS[4], this, 'PX', ARGV[7]) end
return 'submitted'
