-- Reads what is known about a session without using it, and without its attributes.
-- KEYS[1]  the record
-- Returns  {now, metadata, last use} or {} if there is no such session
-- A script for the sake of the server's clock.
local fields = redis.call('HMGET', KEYS[1], 'm', 't', 'e')
if not fields[1] or not fields[2] or fields[3] then return {} end
local time = redis.call('TIME')
return {time[1] * 1000 + math.floor(time[2] / 1000), fields[1], fields[2]}
