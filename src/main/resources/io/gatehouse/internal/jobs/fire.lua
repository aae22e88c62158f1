-- Adds a run for a fire time of a cron expression, unless a node has added it already.
-- KEYS[1]  the queue   KEYS[2]  the run   KEYS[3]  the running runs   KEYS[4]  the last fire time of the job
-- ARGV[1]  the id   ARGV[2]  the name   ARGV[3]  the node that submits   ARGV[4]  the signature
-- ARGV[5]  time to live of a run (ms)   ARGV[6]  the maximum length of the queue   ARGV[7]  the longest delay (ms)
-- ARGV[8]  the fire time (ms)   ARGV[9]  the expression with its time zone   ARGV[10]  1 for the first call of a node after its start
-- ARGV[11]  time to live of the last fire time (ms)
-- Returns  'submitted' | 'not now' (the fire time has passed already, or a run of the job is due or running) | 'full'
--          | {the time (ms)} if the fire time has not come
-- Atomic, so that one node submits for a fire time. The clock of Redis decides whether the time has come. The first call of a
-- node catches up on a fire time that no node has seen; it does not if the expression is new.
if redis.call('HEXISTS', KEYS[2], 'name') == 1 then return 'submitted' end
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local fire = tonumber(ARGV[8])
if fire * 1000 > micros then return {math.floor(micros / 1000)} end

local lastFire, lastExpression = string.match(redis.call('GET', KEYS[4]) or '', '^(%d+) (.*)$')
if lastFire and tonumber(lastFire) >= fire and lastExpression == ARGV[9] then return 'not now' end
local missed = lastFire and tonumber(lastFire) < fire
local runs = ARGV[10] == '0' and (not lastFire or missed) or missed and lastExpression == ARGV[9]
local function passed(outcome)
  local latest = math.max(fire, tonumber(lastFire) or 0)
  redis.call('SET', KEYS[4], string.format('%.0f', latest) .. ' ' .. ARGV[9], 'PX', ARGV[11])
  return outcome
end
if not runs then return passed('not now') end
for _, key in ipairs({KEYS[1], KEYS[3]}) do
  local latest = key == KEYS[1] and string.format('%.0f', micros) or '+inf'
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', latest)) do
    if redis.call('HGET', string.sub(KEYS[1], 1, -2) .. 'r:' .. id, 'name') == ARGV[2] then return passed('not now') end
  end
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[6]) then return 'full' end

local now = string.format('%.0f', micros)
redis.call('HSET', KEYS[2], 'name', ARGV[2], 'by', ARGV[3], 'tag', ARGV[4], 'args', '{}',
  'state', 'queued', 'submitted', now, 'due', now)
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5] + ARGV[7])
return passed('submitted')
