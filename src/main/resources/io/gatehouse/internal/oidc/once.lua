-- Claims the id of a logout token, so that one request in the cluster acts on it.
-- KEYS[1]  the id
-- ARGV[1]  the request   ARGV[2]  how long it holds the claim in ms, 0 to release it
-- Returns  1 if the request holds the claim, or has released it; 0 if another request holds it
-- One step, because two nodes may receive the same token at once. The request may repeat each call.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then
  redis.call('UNLINK', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
