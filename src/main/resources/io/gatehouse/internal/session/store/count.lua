-- Counts the sessions of a bucket, including expired sessions that are not removed yet.
-- KEYS[1]  an expiry index   ARGV[1]  the mark of the exchange, or absent
-- Returns  {the number of sessions, the mark}
-- A script, because pipelines consist of scripts.
return {redis.call('ZCARD', KEYS[1]), ARGV[1]}
