/** The scripts that keep windows and tallies in Redis or Valkey: each is atomic and touches only the keys it is given. */

/** One script. Numbers are passed as text, so that epoch milliseconds are not rounded. */
export interface Script {
  readonly name: string;
  readonly source: string;
}

/** Redis's own clock, which decides about leases. */
const NOW = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)`;

/** Whether another live replica holds the rule; removes replicas whose leases ended. KEYS[1]: leases, ARGV[1]: the asking replica. */
const HELD = `
local function held(holders)
  local answer = false
  for _, replica in ipairs(redis.call('SMEMBERS', holders)) do
    local lease = redis.call('ZSCORE', KEYS[1], replica)
    if not lease or tonumber(lease) < now then
      redis.call('SREM', holders, replica)
    elseif replica ~= ARGV[1] then
      answer = true
    end
  end
  return answer
end`;

/**
 * Renews a replica's lease. KEYS: leases, changes. ARGV: replica, lease in ms. Returns Redis's time (s, µs) and the change counter, which
 * starts at the current time, so that an emptied Redis never looks unchanged.
 */
export const BEAT: Script = {
  name: "beat",
  source: `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('SETNX', KEYS[2], now)
return {clock[1], clock[2], redis.call('GET', KEYS[2])}`,
};

/**
 * Registers a replica's active rules, and opens the windows that are missing or were released by every replica.
 * KEYS: leases, changes, index, then rule, holders, tallies, order of each. ARGV: replica, ms to keep, then identity, start, end, stop,
 * firings of each. Returns start, end, stop and firings of each.
 */
export const HOLD: Script = {
  name: "hold",
  source: `${NOW}${HELD}
local found = {}
for i = 0, (#KEYS - 3) / 4 - 1 do
  local rule, holders, tallies, order = KEYS[4 + 4 * i], KEYS[5 + 4 * i], KEYS[6 + 4 * i], KEYS[7 + 4 * i]
  local at = 3 + 5 * i
  if redis.call('HEXISTS', rule, 'dropped') == 1 then
    if held(holders) then redis.call('HDEL', rule, 'dropped') else redis.call('DEL', rule) end
  end
  if redis.call('EXISTS', rule) == 0 then
    redis.call('DEL', tallies, order)
    redis.call('HSET', rule, 'starts', ARGV[at + 1], 'ends', ARGV[at + 2], 'stopped', ARGV[at + 3], 'firings', ARGV[at + 4])
    redis.call('INCR', KEYS[2])
  end
  redis.call('SADD', KEYS[3], ARGV[at])
  redis.call('SADD', holders, ARGV[1])
  for _, key in ipairs({rule, holders, tallies, order}) do redis.call('PEXPIRE', key, ARGV[2]) end
  found[i + 1] = redis.call('HMGET', rule, 'starts', 'ends', 'stopped', 'firings')
end
return found`,
};

/**
 * Releases rules that are no longer active; after the last replica they serve only calls in flight.
 * KEYS and ARGV[1] as for HOLD, ARGV[2]: ms to linger, ARGV[3]: '1' when the replica never held them (rules held by others then stay),
 * then the identities.
 */
export const RELEASE: Script = {
  name: "release",
  source: `${NOW}${HELD}
for i = 0, (#KEYS - 3) / 4 - 1 do
  local rule, holders, tallies, order = KEYS[4 + 4 * i], KEYS[5 + 4 * i], KEYS[6 + 4 * i], KEYS[7 + 4 * i]
  redis.call('SREM', holders, ARGV[1])
  local others = held(holders)
  if redis.call('EXISTS', rule) == 0 then
    redis.call('SREM', KEYS[3], ARGV[4 + i])
  elseif not (others and ARGV[3] == '1') then
    redis.call('HSET', rule, 'dropped', now)
    if not others and redis.call('PTTL', rule) > tonumber(ARGV[2]) then
      for _, key in ipairs({rule, holders, tallies, order}) do redis.call('PEXPIRE', key, ARGV[2]) end
    end
    redis.call('INCR', KEYS[2])
  end
end
return 0`,
};

/** Returns start, end, stop and firings of rules. KEYS: rule, holders, tallies, order of each. ARGV: ms to keep them from now, '' for no change. */
export const READ: Script = {
  name: "read",
  source: `
local found = {}
for i = 1, #KEYS, 4 do
  if ARGV[1] ~= '' then
    for at = i, i + 3 do redis.call('PEXPIRE', KEYS[at], ARGV[1]) end
  end
  found[#found + 1] = redis.call('HMGET', KEYS[i], 'starts', 'ends', 'stopped', 'firings')
end
return found`,
};

/** The generator of rules/select/seeded-random.ts, continued from the state after the seed: 32-bit products in halves, since Lua numbers are doubles. */
const ROLL = `
local function product(left, right)
  local low, high = left % 65536, math.floor(left / 65536)
  return (low * right + (high * right % 65536) * 65536) % 4294967296
end
local function mix(left, right) return bit.bxor(left, right) % 4294967296 end
local function roll(state, text)
  for at = 1, #text do state = product(mix(state, string.byte(text, at)), 0x01000193) end
  state = product(mix(state, math.floor(state / 65536)), 0x85ebca6b)
  state = product(mix(state, math.floor(state / 8192)), 0xc2b2ae35)
  return mix(state, math.floor(state / 65536)) / 4294967296
end`;

/**
 * Asks whether a rule may act and counts the call. KEYS: rule, tallies, order, changes. ARGV: now, key, '1' to count, skip, limit or '', probability, state of the generator,
 * most keys. Returns `granted` or the reason against it, firings under the key, calls under the key, firings in all.
 */
export const CLAIM: Script = {
  name: "claim",
  source: `${ROLL}
local window = redis.call('HMGET', KEYS[1], 'starts', 'ends', 'stopped', 'firings')
local now = tonumber(ARGV[1])
if not window[1] then return {'unknown', 0, 0, 0} end
local firings = tonumber(window[4])
if window[3] ~= '' then return {'stopped', 0, 0, firings} end
if now < tonumber(window[1]) then return {'waiting', 0, 0, firings} end
if window[2] ~= '' and now >= tonumber(window[2]) then return {'ended', 0, 0, firings} end
local tally = redis.call('HGET', KEYS[2], ARGV[2])
local attempts, fired = string.match(tally or '0:0', '(%d+):(%d+)')
attempts, fired = tonumber(attempts) + 1, tonumber(fired)
local verdict = 'granted'
if attempts <= tonumber(ARGV[4]) then verdict = 'skipped'
elseif ARGV[5] ~= '' and fired >= tonumber(ARGV[5]) then verdict = 'spent'
elseif tonumber(ARGV[6]) < 1 and roll(tonumber(ARGV[7]), tostring(attempts)) >= tonumber(ARGV[6]) then verdict = 'unlucky'
else fired = fired + 1 end
if ARGV[3] ~= '1' then return {verdict, fired, attempts, firings} end
redis.call('HSET', KEYS[2], ARGV[2], attempts .. ':' .. fired)
if not tally then
  local keys = redis.call('RPUSH', KEYS[3], ARGV[2])
  if keys > tonumber(ARGV[8]) then redis.call('HDEL', KEYS[2], redis.call('LPOP', KEYS[3])) end
  if keys == 1 then
    local keep = redis.call('PTTL', KEYS[1])
    if keep > 0 then
      redis.call('PEXPIRE', KEYS[2], keep)
      redis.call('PEXPIRE', KEYS[3], keep)
    end
  end
end
if verdict == 'granted' then
  firings = redis.call('HINCRBY', KEYS[1], 'firings', 1)
  redis.call('INCR', KEYS[4])
end
return {verdict, fired, attempts, firings}`,
};

/** Moves an open window's end, or stops it. KEYS: rule, changes. ARGV: now, 'stop' or 'extend', by how many ms. Returns 1 if it did. */
export const MOVE: Script = {
  name: "move",
  source: `
local window = redis.call('HMGET', KEYS[1], 'starts', 'ends', 'stopped')
if not window[1] or window[3] ~= '' then return 0 end
if window[2] ~= '' and tonumber(ARGV[1]) >= tonumber(window[2]) then return 0 end
if ARGV[2] == 'stop' then
  redis.call('HSET', KEYS[1], 'stopped', ARGV[1])
else
  if window[2] == '' then return 0 end
  redis.call('HSET', KEYS[1], 'ends', string.format('%.0f', tonumber(window[2]) + tonumber(ARGV[3])))
end
redis.call('INCR', KEYS[2])
return 1`,
};

/** Restarts a window and its tallies. KEYS: rule, tallies, order, changes. ARGV: start, end, ms to keep. */
export const REARM: Script = {
  name: "rearm",
  source: `
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('HSET', KEYS[1], 'starts', ARGV[1], 'ends', ARGV[2], 'stopped', '', 'firings', '0')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('INCR', KEYS[4])
return 1`,
};
