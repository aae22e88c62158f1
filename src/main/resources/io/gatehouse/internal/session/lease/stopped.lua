-- Notes that a node has stopped, so that no writer waits for the ends of its leases.
-- KEYS[1]  the name of its channel
-- Returns  1
-- Lives as long as the hashes that may still name the node.
redis.call('SET', KEYS[1], '1', 'PX', 60000)
return 1
