-- Returns whether logins to too many accounts have failed from one address, after adding one more account.
-- KEYS[1]  the accounts that failed from the address (a hash, the account is the field); the first one starts a window
-- ARGV     1 account that failed (empty only reads), 2 how many accounts are no attack, 3 length of the window in milliseconds
-- Returns  the rest of the window if there are more accounts (ms, else 0), 1 if this call exceeded the number, else 0
-- Atomic, so that the key always has a time to live. Idempotent. An address that is refused adds no more, which bounds the hash.
local before, quiet = redis.call('HLEN', KEYS[1]), tonumber(ARGV[2])
local after = before
if ARGV[1] ~= '' and before <= quiet then
  after = before + redis.call('HSET', KEYS[1], ARGV[1], '')
end
local left = redis.call('PTTL', KEYS[1])
if left == -1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  left = tonumber(ARGV[3])
end
if after <= quiet then return {0, 0} end
return {math.max(1, left), before <= quiet and 1 or 0}
