-- KEYS[1] the delivery; ARGV[1] the owner of the claim; ARGV[2] the retention in milliseconds
if redis.call('GET', KEYS[1]) ~= 'running ' .. ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'done', 'PX', ARGV[2])
return 1
