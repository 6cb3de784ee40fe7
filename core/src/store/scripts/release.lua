-- KEYS[1] the delivery; ARGV[1] the owner of the claim
if redis.call('GET', KEYS[1]) ~= 'running ' .. ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
