namespace Monitoring.Redis.Streams;

/// <summary>
/// The Lua scripts: each is one step that must not be left half done. Times are the server's, so clocks of nodes do not
/// matter. Keys come as <c>KEYS</c>, all of one slot; a deduplication key is the last one, where there is one.
/// </summary>
internal static class StreamScripts
{
    /// <summary>Server's time in Unix ms; a number as Redis wants it; waking who sleeps.</summary>
    private const string Prelude = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local function text(number) return string.format('%.0f', number) end
        local function wake(idle, channel)
          if redis.call('DEL', idle) == 1 then redis.call('PUBLISH', channel, 'wake') end
        end
        local function set(fields, name, value)
          for i = 1, #fields, 2 do
            if fields[i] == name then fields[i + 1] = value return end
          end
          fields[#fields + 1] = name
          fields[#fields + 1] = value
        end
        local function failed(reply) return type(reply) == 'table' and reply.err end

        """;

    /// <summary>Puts delayed entries whose time has come into their streams, some at a time.</summary>
    private const string Promote = """
        local function promote(streams, delayed, idle, channel)
          local due = redis.call('ZRANGEBYSCORE', delayed, '-inf', text(now), 'LIMIT', 0, 100)
          for _, member in ipairs(due) do
            local entry = cmsgpack.unpack(member)
            redis.call('ZREM', delayed, member)
            redis.call('XADD', streams[entry[1]], '*', unpack(entry[2]))
          end
          if #due > 0 then wake(idle, channel) end
        end

        """;

    /// <summary>Whether the entry is still this consumer's; another may have claimed it, or the stream is gone.</summary>
    private const string Owned = """
        local function owned(stream, group, consumer, id)
          local reply = redis.pcall('XPENDING', stream, group, id, id, 1, consumer)
          return not failed(reply) and #reply == 1
        end
        local function release(key, task)
          if key and redis.call('GET', key) == task then redis.call('DEL', key) end
        end

        """;

    /// <summary>
    /// KEYS: three streams, delayed, idle, [deduplication]. ARGV: priority (1–3), capacity, delay ms, channel, task id,
    /// lifetime of the deduplication key ms, fields. Returns 0 when added, -1 for a duplicate, else the length of a full queue.
    /// </summary>
    public const string Enqueue = Prelude + """
        if KEYS[6] then
          local holder = redis.call('GET', KEYS[6])
          if holder == ARGV[5] then return 0 end
          if holder then return -1 end
        end
        local length = redis.call('ZCARD', KEYS[4])
        for i = 1, 3 do length = length + redis.call('XLEN', KEYS[i]) end
        if length >= tonumber(ARGV[2]) then return length end
        local delay = tonumber(ARGV[3])
        local fields = {unpack(ARGV, 7)}
        if KEYS[6] then redis.call('SET', KEYS[6], ARGV[5], 'PX', text(delay + ARGV[6])) end
        if delay > 0 then
          redis.call('ZADD', KEYS[4], text(now + delay), cmsgpack.pack({tonumber(ARGV[1]), fields}))
        else
          redis.call('XADD', KEYS[tonumber(ARGV[1])], '*', unpack(fields))
        end
        wake(KEYS[5], ARGV[4])
        return 0
        """;

    /// <summary>
    /// KEYS: three streams, delayed, idle, paused. ARGV: group, consumer, channel, lifetime of the idle mark ms, how many,
    /// how many of them of each priority; what one lacks goes to the others, the most urgent first.
    /// Returns paused, now, ms until the next delayed task (-1 for none), groups made, entries (priority, id, fields).
    /// The idle mark is set in the step that finds nothing, so that no task can slip in between.
    /// </summary>
    public const string Read = Prelude + Promote + """
        local made, entries = 0, {}
        local function read(i, count)
          local reply
          local function ask()
            return redis.pcall('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', count, 'STREAMS', KEYS[i], '>')
          end
          reply = ask()
          if failed(reply) and string.find(reply.err, 'NOGROUP', 1, true) then
            redis.call('XGROUP', 'CREATE', KEYS[i], ARGV[1], '0', 'MKSTREAM')
            made = made + 1
            reply = ask()
          end
          if failed(reply) then error(reply.err) end
          if not reply then return 0 end
          for _, entry in ipairs(reply[1][2]) do entries[#entries + 1] = {i, entry[1], entry[2]} end
          return #reply[1][2]
        end
        promote(KEYS, KEYS[4], KEYS[5], ARGV[3])
        local paused = redis.call('EXISTS', KEYS[6])
        if paused == 0 then
          local wanted = tonumber(ARGV[5])
          local drained = {}
          for i = 1, 3 do
            local share = tonumber(ARGV[5 + i])
            if share > 0 then drained[i] = read(i, share) < share end
          end
          for i = 1, 3 do
            if #entries < wanted and not drained[i] then read(i, wanted - #entries) end
          end
          if #entries == 0 then redis.call('SET', KEYS[5], '1', 'PX', ARGV[4]) end
        end
        local first = redis.call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')
        local due = -1
        if first[2] then due = math.max(0, first[2] - now) end
        return {paused, text(now), text(due), made, entries}
        """;

    /// <summary>
    /// KEYS: three streams. ARGV: group, consumer, idle ms, how many, three cursors (empty where the round is over).
    /// Returns three cursors and entries (priority, id, fields, deliveries). It looks at some hundreds of entries at most.
    /// </summary>
    public const string Claim = """
        local wanted, entries, cursors = tonumber(ARGV[4]), {}, {ARGV[5], ARGV[6], ARGV[7]}
        for i = 1, 3 do
          local pages = 0
          while cursors[i] ~= '' and #entries < wanted and pages < 10 do
            pages = pages + 1
            local reply = redis.pcall('XAUTOCLAIM', KEYS[i], ARGV[1], ARGV[2], ARGV[3], cursors[i], 'COUNT', wanted - #entries)
            if type(reply) == 'table' and reply.err then
              if not string.find(reply.err, 'NOGROUP', 1, true) then error(reply.err) end
              cursors[i] = ''
            else
              cursors[i] = reply[1] == '0-0' and '' or reply[1]
              for _, entry in ipairs(reply[2]) do
                if entry and entry[2] then
                  local pending = redis.call('XPENDING', KEYS[i], ARGV[1], entry[1], entry[1], 1)
                  entries[#entries + 1] = {i, entry[1], entry[2], pending[1] and pending[1][4] or 1}
                end
              end
            end
          end
        end
        return {cursors, entries}
        """;

    /// <summary>
    /// KEYS: a stream. ARGV: group, consumer, ids. Says of each that it is still worked at, without counting a delivery;
    /// returns those that are not this consumer's any more.
    /// </summary>
    public const string Heartbeat = Prelude + Owned + """
        local lost = {}
        for i = 3, #ARGV do
          if owned(KEYS[1], ARGV[1], ARGV[2], ARGV[i]) then
            redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
          else
            lost[#lost + 1] = ARGV[i]
          end
        end
        return lost
        """;

    /// <summary>KEYS: nodes. ARGV: consumer, workers, ms for which that holds.</summary>
    public const string Presence = Prelude + """
        return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ':' .. text(now + ARGV[3]))
        """;

    /// <summary>
    /// KEYS: stream, [deduplication]. ARGV: group, id, task id. Whoever holds it now: it is done. XACK alone would leave the
    /// entry in the stream for good.
    /// </summary>
    public const string Complete = Prelude + Owned + """
        local reply = redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[2])
        redis.call('XDEL', KEYS[1], ARGV[2])
        release(KEYS[2], ARGV[3])
        if failed(reply) then return 0 end
        return reply
        """;

    /// <summary>
    /// KEYS: stream, delayed, idle, [deduplication]. ARGV: group, consumer, id, priority, delay ms, channel, lifetime of the
    /// deduplication key ms, attempts, deliveries. Puts the entry back, now or later; returns 0 when it is another's by now.
    /// </summary>
    public const string Return = Prelude + Owned + """
        if not owned(KEYS[1], ARGV[1], ARGV[2], ARGV[3]) then return 0 end
        local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
        redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
        if not entry then return 0 end
        redis.call('XDEL', KEYS[1], ARGV[3])
        local fields, delay = entry[2], tonumber(ARGV[5])
        set(fields, 'a', ARGV[8])
        set(fields, 'd', ARGV[9])
        if KEYS[4] then redis.call('PEXPIRE', KEYS[4], text(delay + ARGV[7])) end
        if delay > 0 then
          redis.call('ZADD', KEYS[2], text(now + delay), cmsgpack.pack({tonumber(ARGV[4]), fields}))
        else
          redis.call('XADD', KEYS[1], '*', unpack(fields))
        end
        wake(KEYS[3], ARGV[6])
        return 1
        """;

    /// <summary>
    /// KEYS: stream, dead letters, [deduplication]. ARGV: group, consumer, id, task id, dead letters kept, longest raw entry,
    /// fields of the letter. Only dead letters are ever trimmed. Returns 0 when the entry is another's by now.
    /// </summary>
    public const string Bury = Prelude + Owned + """
        if not owned(KEYS[1], ARGV[1], ARGV[2], ARGV[3]) then return 0 end
        local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
        if entry and tonumber(ARGV[5]) > 0 then
          local letter = {unpack(ARGV, 7)}
          local raw = cmsgpack.pack(entry[2])
          if #raw > tonumber(ARGV[6]) then
            raw = string.sub(raw, 1, tonumber(ARGV[6]))
            set(letter, 'cut', '1')
          end
          set(letter, 'raw', raw)
          redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[5], '*', unpack(letter))
        end
        redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
        redis.call('XDEL', KEYS[1], ARGV[3])
        release(KEYS[3], ARGV[4])
        return 1
        """;

    /// <summary>
    /// KEYS: three streams, delayed, idle, dead letters, [deduplication]. ARGV: id of the letter, priority, capacity, channel,
    /// task id, lifetime of the deduplication key ms. Returns 1 when enqueued, 0 when it is gone, -1 when the queue is full,
    /// -2 when a task with its key is there, -3 when not all of it was kept.
    /// </summary>
    public const string Redrive = Prelude + """
        local letter = redis.call('XRANGE', KEYS[6], ARGV[1], ARGV[1])[1]
        if not letter then return 0 end
        local length = redis.call('ZCARD', KEYS[4])
        for i = 1, 3 do length = length + redis.call('XLEN', KEYS[i]) end
        if length >= tonumber(ARGV[3]) then return -1 end
        local raw
        for i = 1, #letter[2], 2 do
          if letter[2][i] == 'cut' then return -3 end
          if letter[2][i] == 'raw' then raw = letter[2][i + 1] end
        end
        if not raw then return -3 end
        if KEYS[7] and not redis.call('SET', KEYS[7], ARGV[5], 'NX', 'PX', ARGV[6]) then return -2 end
        local fields = cmsgpack.unpack(raw)
        set(fields, 'a', '0')
        set(fields, 'd', '0')
        redis.call('XADD', KEYS[tonumber(ARGV[2])], '*', unpack(fields))
        redis.call('XDEL', KEYS[6], ARGV[1])
        wake(KEYS[5], ARGV[4])
        return 1
        """;

    /// <summary>
    /// KEYS: three streams, delayed, idle, dead letters, paused, nodes. ARGV: group, consumer, channel. Returns now, delayed,
    /// dead letters, paused, workers of the other nodes, and for each stream: length, pending, pending of this consumer,
    /// consumers, other groups, id of the oldest entry that nobody has been given ('' for none). Lag would be null after
    /// deletions, length minus pending never is: what is settled is deleted.
    /// </summary>
    public const string State = Prelude + Promote + """
        promote(KEYS, KEYS[4], KEYS[5], ARGV[3])
        local workers = 0
        local nodes = redis.call('HGETALL', KEYS[8])
        for i = 1, #nodes, 2 do
          local count, expires = string.match(nodes[i + 1], '^(%d+):(%d+)$')
          if not count or tonumber(expires) < now then redis.call('HDEL', KEYS[8], nodes[i])
          elseif nodes[i] ~= ARGV[2] then workers = workers + tonumber(count) end
        end
        local streams = {}
        for i = 1, 3 do
          local pending, own, consumers, others, last = 0, 0, 0, 0, '-'
          local groups = redis.pcall('XINFO', 'GROUPS', KEYS[i])
          if not failed(groups) then
            for _, group in ipairs(groups) do
              local info = {}
              for j = 1, #group, 2 do info[group[j]] = group[j + 1] end
              if info['name'] == ARGV[1] then
                pending, consumers, last = info['pending'], info['consumers'], '(' .. info['last-delivered-id']
              else
                others = others + 1
              end
            end
          end
          if pending > 0 then
            for _, consumer in ipairs(redis.call('XPENDING', KEYS[i], ARGV[1])[4]) do
              if consumer[1] == ARGV[2] then own = tonumber(consumer[2]) end
            end
          end
          local oldest = redis.call('XRANGE', KEYS[i], last, '+', 'COUNT', 1)[1]
          streams[i] = {redis.call('XLEN', KEYS[i]), pending, own, consumers, others, oldest and oldest[1] or ''}
        end
        return {text(now), redis.call('ZCARD', KEYS[4]), redis.call('XLEN', KEYS[6]), redis.call('EXISTS', KEYS[7]), workers, streams}
        """;

    /// <summary>
    /// KEYS: three streams, nodes. ARGV: group, consumer, idle ms. Removes consumers that have had nothing to do for so long,
    /// and at an idle time of -1 this one. Never one with pending entries: they would be lost.
    /// </summary>
    public const string RemoveConsumers = Prelude + """
        local removed, limit = 0, tonumber(ARGV[3])
        if limit < 0 then redis.call('HDEL', KEYS[4], ARGV[2]) end
        for i = 1, 3 do
          local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[i], ARGV[1])
          if not failed(consumers) then
            for _, consumer in ipairs(consumers) do
              local info = {}
              for j = 1, #consumer, 2 do info[consumer[j]] = consumer[j + 1] end
              local own = info['name'] == ARGV[2]
              local leaves = own and limit < 0 or not own and limit >= 0 and info['idle'] > limit
              if leaves and info['pending'] == 0 then
                redis.call('XGROUP', 'DELCONSUMER', KEYS[i], ARGV[1], info['name'])
                removed = removed + 1
              end
            end
          end
        end
        return removed
        """;
}
