-- Forgets the failed logins of an account.
-- KEYS     1 its lane for unknown browsers, 2 the networks it was attacked from, as in login-enter.lua
-- ARGV     1 what tells this reset from others, 2 memory (ms)
-- Returns  how many failures of unknown browsers there were
-- One step, so that no failure that comes after is lost. The mark stays until all that was before is forgotten anyhow: the
-- lanes of devices, whose keys are not known here, are emptied when they are used and have not seen it.
local failures = 0
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.find(name, '.', 1, true) then failures = failures + 1 end
end
redis.call('UNLINK', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'r', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return failures
