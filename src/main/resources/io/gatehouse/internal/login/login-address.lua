-- Says whether too many accounts were tried from one address, and notes one more.
-- KEYS[1]  the accounts whose log-in failed from there (HyperLogLog); the first begins a window
-- ARGV     1 account that failed (empty only looks), 2 how many are no attack, 3 the window in milliseconds
-- Returns  how long the window lasts if there are more (ms, else 0), 1 if there have just become more, else 0
-- One step, so that the key never stays without a time to live. Running it twice leaves the same.
local before, quiet = redis.call('PFCOUNT', KEYS[1]), tonumber(ARGV[2])
local after = before
if ARGV[1] ~= '' and redis.call('PFADD', KEYS[1], ARGV[1]) == 1 then
  after = redis.call('PFCOUNT', KEYS[1])
end
local left = redis.call('PTTL', KEYS[1])
if left == -1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  left = tonumber(ARGV[3])
end
if after <= quiet then return {0, 0} end
return {math.max(1, left), before <= quiet and 1 or 0}
