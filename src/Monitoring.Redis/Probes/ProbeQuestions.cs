using Monitoring.Redis.Diagnostics;
using StackExchange.Redis;

namespace Monitoring.Redis.Probes;

/// <summary>
/// The questions of one poll. They are sent without waiting for one another; all of them together have the time of
/// <paramref name="budget"/>. What Redis refuses for good is not asked again.
/// </summary>
internal sealed class ProbeQuestions(IProbeConnection connection, Refusals refusals, DateTimeOffset now, CancellationToken budget)
{
    // Above it the workers of a system are unknown: each of them is a command.
    private const int MostMembers = 500;

    private Exception? _failure;
    private int _sent;

    /// <summary>When the poll began.</summary>
    public DateTimeOffset Now => now;

    /// <summary>How many servers there are that own keys.</summary>
    public int Primaries => connection.Primaries;

    /// <summary>How many commands were sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Why a question had no answer; then what was read is not to be believed. The later questions were not asked.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Asks for a number; null when it is not told or is none. A key that does not exist has 0 elements and no value.</summary>
    public async Task<long?> NumberAsync(string figure, string command, string key, params object[] arguments)
    {
        var reply = await AskAsync(figure, command, [(RedisKey)key, .. arguments]).ConfigureAwait(false);
        return reply is { IsNull: false } && long.TryParse((string?)reply, out var number) ? number : null;
    }

    /// <summary>Asks for a counter, which is 0 as long as its key does not exist.</summary>
    public async Task<long?> CounterAsync(string figure, string command, string key, params object[] arguments)
    {
        var reply = await AskAsync(figure, command, [(RedisKey)key, .. arguments]).ConfigureAwait(false);
        return reply is null ? null : reply.IsNull ? 0 : long.TryParse((string?)reply, out var number) ? number : null;
    }

    /// <summary>Asks for a text; null when it is not told or there is none.</summary>
    public async Task<string?> TextAsync(string figure, string command, string key, params object[] arguments)
    {
        var reply = await AskAsync(figure, command, [(RedisKey)key, .. arguments]).ConfigureAwait(false);
        return reply is { IsNull: false } ? (string?)reply : null;
    }

    /// <summary>Asks for a list of texts; null when it is not told, an absent element null.</summary>
    public async Task<string?[]?> TextsAsync(string figure, string command, string key, params object[] arguments)
    {
        var reply = await AskAsync(figure, command, [(RedisKey)key, .. arguments]).ConfigureAwait(false);
        return reply is { IsNull: false } ? (string?[]?)reply : null;
    }

    /// <summary>The members of a set; null when they are not told or are more than 500.</summary>
    public async Task<string[]?> MembersAsync(string figure, string key)
    {
        // SMEMBERS has no limit; this gives distinct members in any order, and one too many tells that there are more.
        var members = await TextsAsync(figure, "SRANDMEMBER", key, MostMembers + 1).ConfigureAwait(false);
        return members is { Length: <= MostMembers } ? [.. members.OfType<string>()] : null;
    }

    /// <summary>Asks; null when Redis refuses it.</summary>
    /// <param name="figure">What is asked for, in words: a bounded set.</param>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments, keys as <see cref="RedisKey"/>.</param>
    public Task<RedisResult?> AskAsync(string figure, string command, object[] arguments) =>
        AskAsync(figure, () => connection.SendAsync(command, arguments));

    /// <summary>Asks one of the servers that own keys.</summary>
    public Task<RedisResult?> AskPrimaryAsync(int primary, string figure, string command, object[] arguments) =>
        AskAsync(figure, () => connection.SendAsync(primary, command, arguments));

    // Never throws, so that no question that nobody waits for any more fails unseen.
    private async Task<RedisResult?> AskAsync(string figure, Func<Task<RedisResult>> send)
    {
        // The answers come on any threads.
        lock (refusals)
        {
            if (_failure is not null || refusals.Contains(figure))
            {
                return null;
            }
        }

        try
        {
            Interlocked.Increment(ref _sent);
            return await send().WaitAsync(budget).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("ERR no such key", StringComparison.Ordinal))
        {
            return null;
        }
        catch (Exception exception)
        {
            lock (refusals)
            {
                if (Refusals.FinalReason(exception) is { } reason)
                {
                    refusals.Add(figure, reason);
                }
                else
                {
                    _failure ??= exception;
                }
            }

            return null;
        }
    }
}
