-- Returns runs with an expired lease to the queue, in their old position; then grants the run that has been due for longest to a node.
-- KEYS[1]  the queue   KEYS[2]  the running runs, scored by the end of its lease (ms)
-- ARGV[1]  the node   ARGV[2]  the lease (ms)   ARGV[3]  time to live of a run (ms)   ARGV[4]  the longest delay (ms)
-- ARGV[5...]  job, maximum number of attempts, ... of the jobs that the node can execute
-- Returns  {action, id, {field, value, ...}}: 'run' it, or end it because it is 'cancelled' or 'given up'
--          | {'none', how long until the next run is due or the next lease ends (ms), at most the longest delay}
-- Atomic, so that one node gets a run. The fencing token grows with every claim, so that Redis can reject calls of a node that
-- has lost the run. It is the time in microseconds, or one more than the last token if the clock went back. Not idempotent: if
-- the reply is lost, the run waits until its lease expires. Writes that a full Redis rejects come first, so that it rejects all.
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
local runs = string.sub(KEYS[1], 1, -2) .. 'r:'

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now), 'LIMIT', 0, 100)) do
  local times = redis.call('HMGET', runs .. id, 'due', 'submitted')
  if times[2] then
    redis.call('HSET', runs .. id, 'state', 'queued')
    redis.call('ZADD', KEYS[1], tonumber(times[1]) and times[1] or tonumber(times[2]) and times[2] or 0, id)
    redis.call('PEXPIRE', KEYS[1], ARGV[3] + ARGV[4])
  end
  redis.call('ZREM', KEYS[2], id)
end

local executable = {}
for i = 5, #ARGV, 2 do executable[ARGV[i]] = tonumber(ARGV[i + 1]) end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', micros))) do
  local run = runs .. id
  local fields = redis.call('HMGET', run, 'name', 'attempts', 'fence', 'cancel')
  if not fields[1] then
    redis.call('ZREM', KEYS[1], id)
  elseif executable[fields[1]] then
    local attempts = tonumber(fields[2]) or 0
    local action = fields[4] and 'cancelled' or attempts >= executable[fields[1]] and 'given up' or 'run'
    if action == 'run' then attempts = attempts + 1 end
    local fence = math.max(micros, (tonumber(fields[3]) or 0) + 1)
    redis.call('HSET', run, 'state', 'running', 'node', ARGV[1], 'attempts', attempts,
      'fence', string.format('%.0f', fence), 'started', string.format('%.0f', micros),
      'done', 0, 'total', 0, 'message', '')
    redis.call('PEXPIRE', run, ARGV[3])
    redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[2]), id)
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
    redis.call('ZREM', KEYS[1], id)
    return {action, id, redis.call('HGETALL', run)}
  end
end

local wait = tonumber(ARGV[4])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', micros), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
if due[2] then wait = math.min(wait, math.ceil((due[2] - micros) / 1000)) end
local ending = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if ending[2] then wait = math.min(wait, math.max(ending[2] - now, 0)) end
return {'none', wait}
