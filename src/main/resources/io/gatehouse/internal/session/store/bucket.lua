-- Names sessions of a bucket.
-- KEYS[1]  an expiry index
-- ARGV[1]  'due' for those whose time may be over, 'all' for all
-- ARGV[2]  how many to leave out   ARGV[3]  how many at most
-- Returns  members, those that end first first
-- A script for the sake of the server's clock.
local until_ = '+inf'
if ARGV[1] == 'due' then
  local time = redis.call('TIME')
  until_ = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', until_, 'LIMIT', ARGV[2], ARGV[3])
