-- Forgets the failed logins of an account.
-- KEYS     1 its history for unknown browsers, 2 the networks it was attacked from, as in login-enter.lua
-- ARGV     1 id of this reset, 2 memory (ms)
-- Returns  the number of failures from unknown browsers
-- Atomic, so that no later failure is lost. The id of the reset is kept until everything before it has expired: the keys of the
-- devices' histories are not known here, so each of them is emptied when it is used next and has not seen the reset.
local failures = 0
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.find(name, '.', 1, true) then failures = failures + 1 end
end
redis.call('UNLINK', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'r', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return failures
