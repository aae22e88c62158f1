-- Adds how often keys were used on one node; what was used long ago counts less and less.
-- KEYS[1]  a sorted set: keys of one region, scored by their use
-- KEYS[2]  a string: when the scores were last made less, milliseconds since 1970
-- ARGV[1]  after how many milliseconds a use counts half
-- ARGV[2]  how many keys are kept
-- ARGV[3]  how many milliseconds all of it is kept after the last call
-- ARGV[4]  a key
-- ARGV[5]  how often it was used; and so on in pairs
-- Returns  how many keys there are
-- One step, so that two nodes do not make the scores less for the same time.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local half = tonumber(ARGV[1])
local before = tonumber(redis.call('GET', KEYS[2]) or now)
-- Every score is written anew by this, so it is not done at every call: an eighth of the half-life, 8 % less, is exact enough.
if now - before >= half / 8 then
  redis.call('ZUNIONSTORE', KEYS[1], 1, KEYS[1], 'WEIGHTS', string.format('%.17g', 0.5 ^ ((now - before) / half)))
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '0.01') -- one use, a week ago
  before = now
end
for i = 4, #ARGV, 2 do
  redis.call('ZINCRBY', KEYS[1], ARGV[i + 1], ARGV[i])
end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[2])
redis.call('SET', KEYS[2], string.format('%.0f', before), 'PX', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('ZCARD', KEYS[1])
