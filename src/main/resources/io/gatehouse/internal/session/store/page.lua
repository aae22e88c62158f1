-- Names some of the sessions of a bucket.
-- KEYS[1]  an expiry index
-- ARGV[1]  where to go on, '0' at the beginning   ARGV[2]  about how many
-- Returns  {where to go on or '0' at the end, member, ...}
-- A session that is there all the time is named at least once, also while others come and go: ZSCAN promises it.
local reply = redis.call('ZSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local page = {reply[1]}
for i = 1, #reply[2], 2 do page[#page + 1] = reply[2][i] end
return page
