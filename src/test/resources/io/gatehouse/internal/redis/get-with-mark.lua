-- Reads. KEYS[1] a string. ARGV[1] the mark of the exchange. Returns the string, then the mark.
return {redis.call('GET', KEYS[1]), ARGV[1]}
