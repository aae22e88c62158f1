-- Adds the use counts of one node. Scores decay exponentially.
-- KEYS[1]  a sorted set: keys of one region, scored by their use
-- KEYS[2]  a string: when the scores last decayed, milliseconds since 1970
-- ARGV[1]  the half-life of a use, ms
-- ARGV[2]  the maximum number of keys
-- ARGV[3]  time to live of both keys, ms
-- ARGV[4]  a key
-- ARGV[5]  how often it was used; further pairs follow
-- Returns  the number of keys
-- Atomic, so that two nodes do not apply the decay for the same time twice.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local half = tonumber(ARGV[1])
local before = tonumber(redis.call('GET', KEYS[2]) or now)
-- The decay rewrites every score, so it runs only every eighth of the half-life (8 % each time), which is precise enough.
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
