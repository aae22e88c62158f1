-- Lists a page of the sessions of a bucket.
-- KEYS[1]  an expiry index
-- ARGV[1]  cursor, '0' for the first page   ARGV[2]  approximate number of sessions
-- Returns  {next cursor, or '0' after the last page, member, ...}
-- ZSCAN guarantees that a session that exists during the whole iteration is returned at least once.
local reply = redis.call('ZSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local page = {reply[1]}
for i = 1, #reply[2], 2 do page[#page + 1] = reply[2][i] end
return page
