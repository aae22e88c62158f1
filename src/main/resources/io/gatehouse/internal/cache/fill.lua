-- Stores what the holder of a fill lease has loaded, unless an invalidation has voided the lease.
-- KEYS[1]  string: the entry; KEYS[2] string: its fill lease; KEYS[3] string: the fence of its region
-- ARGV[1]  token of the holder; ARGV[2] how long the entry is kept, ms; ARGV[3] the envelope, empty to give the lease back
-- Returns  1 stored, 0 not
-- One step, so that what was loaded before an invalidation is never stored after it.
local lease = redis.call('GET', KEYS[2])
if not lease or string.sub(lease, 1, 16) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
if ARGV[3] == '' or string.sub(lease, 17, 32) ~= redis.call('GET', KEYS[3]) then
  return 0
end
local stamps = string.sub(lease, 33)
redis.call('SET', KEYS[1], string.char(#stamps / 16) .. stamps .. ARGV[3], 'PX', ARGV[2])
return 1
