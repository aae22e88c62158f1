-- Ends the claim of a request on a session of Spring Session.
-- KEYS[1]  the record   KEYS[2]  the claim
-- ARGV[1]  the key id and the random text of the importing request
-- ARGV[2]  how long in ms others may learn where the session is now; 0 to leave the record as it was
-- Returns  1 if the request held the claim; 0 if it has lost it, so that another request may have imported the session
-- Atomic: the record goes exactly when the import counts. The request may repeat the call.
local claim = redis.call('GET', KEYS[2])
if claim == 'done ' .. ARGV[1] then return 1 end
if claim ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('UNLINK', KEYS[2])
else
  redis.call('UNLINK', KEYS[1])
  redis.call('SET', KEYS[2], 'done ' .. ARGV[1], 'PX', ARGV[2])
end
return 1
