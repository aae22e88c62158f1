-- Claims the id of a logout token, so that one request in the cluster acts on it.
-- KEYS[1]  the id
-- ARGV[1]  the request   ARGV[2]  'pending', 'done', or 'released'   ARGV[3]  how long the state lasts in ms
-- Returns  1 if the request holds the claim, or has released it; 2 while another request holds it; 0 after it is done
-- One step, because two nodes may receive the same token at once. The request may repeat each call.
local holder = redis.call('GET', KEYS[1])
if holder == 'done ' .. ARGV[1] then return 1 end
if holder and holder ~= ARGV[1] then
  return string.sub(holder, 1, 5) == 'done ' and 0 or 2
end
if ARGV[2] == 'released' then
  redis.call('UNLINK', KEYS[1])
elseif ARGV[2] == 'done' then
  redis.call('SET', KEYS[1], 'done ' .. ARGV[1], 'PX', ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
end
return 1
