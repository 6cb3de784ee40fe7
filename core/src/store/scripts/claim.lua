-- KEYS[1] the delivery; ARGV[1] a new owner; ARGV[2] the lease in milliseconds
local held = redis.call('GET', KEYS[1])
local mine = 'running ' .. ARGV[1]
if not held then
  redis.call('SET', KEYS[1], mine, 'PX', ARGV[2])
  return 'new'
end
-- A client that lost the answer asks again by itself, with the same owner: it must find its own claim.
if held == mine then return 'new' end
if held == 'done' then return 'done' end
if string.sub(held, 1, 8) == 'running ' then return 'running' end
return redis.error_reply('ERR the key of the delivery holds something that is no claim')
