-- Names sessions whose time may be over.
-- KEYS[1]  an expiry index   ARGV[1]  how many at most
-- Returns  members, those longest over first
-- A script for the sake of the server's clock.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
