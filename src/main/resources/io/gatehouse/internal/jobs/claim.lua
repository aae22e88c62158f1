-- Gives the longest waiting run to a node that can do it. Runs whose lease is over wait again, in their old place.
-- KEYS[1]  the queue   KEYS[2]  what runs, scored by the end of its lease (ms)
-- ARGV[1]  the node   ARGV[2]  the lease (ms)   ARGV[3]  how long a run is kept (ms)   ARGV[4]  how many attempts a run has
-- ARGV[5...]  the names that the node can do
-- Returns  nothing | {what to do, id, {field, value, ...}}: 'run' it, or end it because it was 'cancelled' or is 'given up'
-- One step, so that a run has one node. The fencing token grows with every claim: what a node says that has lost the run in
-- between is refused. It is the time in microseconds, or one more than the last if the clock went back. Not repeatable: a run
-- whose claim got lost waits for the end of its lease. First what a full Redis refuses, so that it refuses all.
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
local runs = string.sub(KEYS[1], 1, -2) .. 'r:'

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now), 'LIMIT', 0, 100)) do
  local submitted = redis.call('HGET', runs .. id, 'submitted')
  if submitted then
    redis.call('HSET', runs .. id, 'state', 'queued')
    redis.call('ZADD', KEYS[1], tonumber(submitted) and submitted or 0, id)
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
  end
  redis.call('ZREM', KEYS[2], id)
end

local able = {}
for i = 5, #ARGV do able[ARGV[i]] = true end
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local run = runs .. id
  local of = redis.call('HMGET', run, 'name', 'attempts', 'fence', 'cancel')
  if not of[1] then
    redis.call('ZREM', KEYS[1], id)
  elseif able[of[1]] then
    local attempts = tonumber(of[2]) or 0
    local what = of[4] and 'cancelled' or attempts >= tonumber(ARGV[4]) and 'given up' or 'run'
    if what == 'run' then attempts = attempts + 1 end
    local fence = math.max(micros, (tonumber(of[3]) or 0) + 1)
    redis.call('HSET', run, 'state', 'running', 'node', ARGV[1], 'attempts', attempts,
      'fence', string.format('%.0f', fence), 'started', string.format('%.0f', micros),
      'done', 0, 'total', 0, 'message', '')
    redis.call('PEXPIRE', run, ARGV[3])
    redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[2]), id)
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
    redis.call('ZREM', KEYS[1], id)
    return {what, id, redis.call('HGETALL', run)}
  end
end
return false
