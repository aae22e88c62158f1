-- Lists sessions of a bucket.
-- KEYS[1]  an expiry index
-- ARGV[1]  'due' for sessions that may have expired, 'all' for all sessions
-- ARGV[2]  offset   ARGV[3]  maximum number
-- Returns  the members, ordered by the earliest time of expiry
-- A script, because it needs the clock of the server.
local until_ = '+inf'
if ARGV[1] == 'due' then
  local time = redis.call('TIME')
  until_ = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', until_, 'LIMIT', ARGV[2], ARGV[3])
