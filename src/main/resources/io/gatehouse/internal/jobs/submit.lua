-- Adds a run to the queue, which is scored by the earliest start of each run.
-- KEYS[1]  the queue   KEYS[2]  the run   KEYS[3]  the running runs   KEYS[4]  the last period for which the job was submitted once
-- KEYS[5]  the nodes with the names of their jobs
-- ARGV[1]  the id   ARGV[2]  the name   ARGV[3]  the node that submits   ARGV[4]  the signature
-- ARGV[5]  time to live of a run (ms)   ARGV[6]  the maximum length of the queue
-- ARGV[7]  0, or the length of a period (ms) in which the job is submitted once
-- ARGV[8]  a delay (ms)   ARGV[9]  the earliest start (microseconds), or 0   ARGV[10]  the longest delay (ms)
-- ARGV[11]  1 if a live node must know the name   ARGV[12]  the arguments as JSON
-- Returns  'submitted' | 'not now' (the period has a run, or a run of the job is due or running) | 'full' | 'too far'
--          | {a name that a live node knows, ...} if none knows this one
-- Atomic, so that one node submits in a period. Idempotent: a known id is not submitted again.
if redis.call('HEXISTS', KEYS[2], 'name') == 1 then return 'submitted' end
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]

if ARGV[11] == '1' then
  local known, names = false, {}
  local nodes = redis.call('HGETALL', KEYS[5])
  for i = 2, #nodes, 2 do
    local untilMillis, jobs = string.match(nodes[i], '^(%d+) (.*)$')
    if untilMillis and tonumber(untilMillis) * 1000 > micros then
      for name in string.gmatch(jobs, '%S+') do
        known = known or name == ARGV[2]
        names[#names + 1] = name
      end
    end
  end
  if not known then return names end
end

local due = math.max(micros + ARGV[8] * 1000, tonumber(ARGV[9]))
if due - micros > ARGV[10] * 1000 then return 'too far' end
local period = tonumber(ARGV[7])
local this = string.format('%.0f', math.floor(micros / 1000 / math.max(period, 1)))
if period > 0 then
  if redis.call('GET', KEYS[4]) == this then return 'not now' end
  local runs = string.sub(KEYS[1], 1, -2) .. 'r:'
  for _, key in ipairs({KEYS[1], KEYS[3]}) do
    local latest = key == KEYS[1] and string.format('%.0f', micros) or '+inf'
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', latest)) do
      if redis.call('HGET', runs .. id, 'name') == ARGV[2] then return 'not now' end
    end
  end
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[6]) then return 'full' end

local ttl = string.format('%.0f', ARGV[5] + math.ceil((due - micros) / 1000))
redis.call('HSET', KEYS[2], 'name', ARGV[2], 'by', ARGV[3], 'tag', ARGV[4], 'args', ARGV[12], 'state', 'queued',
  'submitted', string.format('%.0f', micros), 'due', string.format('%.0f', due))
redis.call('PEXPIRE', KEYS[2], ttl)
redis.call('ZADD', KEYS[1], string.format('%.0f', due), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5] + ARGV[10])
if period > 0 then redis.call('SET', KEYS[4], this, 'PX', ARGV[7]) end
return 'submitted'
