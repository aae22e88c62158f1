-- Tells of the runs that were submitted last, whatever has become of them.
-- KEYS[1]  the queue   KEYS[2]  what runs   KEYS[3]  what has ended
-- ARGV[1]  how many at most
-- Returns  {id, {field, value, ...}, ...}, the newest first
-- One step, so that a run that moves from one set to the next is told once.
local runs = string.sub(KEYS[1], 1, -2) .. 'r:'
local found = {}
for _, key in ipairs(KEYS) do
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local submitted = tonumber(redis.call('HGET', runs .. id, 'submitted'))
    if submitted then found[#found + 1] = {submitted, id} end
  end
end
table.sort(found, function(a, b)
  if a[1] == b[1] then return a[2] > b[2] end
  return a[1] > b[1]
end)
local told = {}
for i = 1, math.min(#found, tonumber(ARGV[1])) do
  told[#told + 1] = found[i][2]
  told[#told + 1] = redis.call('HGETALL', runs .. found[i][2])
end
return told
