using System.Globalization;
using Monitoring.Redis.Diagnostics;
using Monitoring.Redis.Probes;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Probes;

/// <summary>Answers commands with what a test put there, as Redis does for keys that do not exist otherwise, and refuses to be written to.</summary>
internal sealed class CannedRedis : IProbeConnection
{
    public static readonly DateTimeOffset Now = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Func<RedisResult>> _replies = new(StringComparer.Ordinal);

    public int Primaries { get; init; } = 1;

    /// <summary>Every command that was sent, with its arguments.</summary>
    public List<string> Sent { get; } = [];

    public Refusals Refusals { get; } = new();

    /// <summary>Puts a reply: a number, a text, an array of them, or an exception. <paramref name="command"/> as it would be typed.</summary>
    public CannedRedis With(string command, object? reply)
    {
        _replies[command] = reply is Exception exception ? () => throw exception : () => Reply(reply);
        return this;
    }

    public ProbeQuestions Ask() => new(this, Refusals, Now, CancellationToken.None);

    public async Task<QueueFigures[]> ReadAsync(IQueueReader reader, params string[] queues)
    {
        var ask = Ask();
        var figures = await reader.ReadAsync(ask, queues);
        ask.Failure.Should().BeNull();
        return [.. figures];
    }

    public Task<RedisResult> SendAsync(int primary, string command, object[] arguments) => SendAsync(command, arguments);

    public Task<RedisResult> SendAsync(string command, object[] arguments)
    {
        var text = string.Join(' ', [command, .. arguments.Select(static argument => Convert.ToString(argument, CultureInfo.InvariantCulture))]);
        lock (Sent)
        {
            Sent.Add(text);
        }

        try
        {
            return Task.FromResult(_replies.TryGetValue(text, out var reply) ? reply() : Absent(command, arguments.Length));
        }
        catch (Exception exception)
        {
            return Task.FromException<RedisResult>(exception);
        }
    }

    private static RedisResult Absent(string command, int arguments) => command switch
    {
        "LLEN" or "ZCARD" or "HLEN" or "SCARD" or "EXISTS" or "HEXISTS" => RedisResult.Create(0),
        "GET" or "HGET" or "LINDEX" => RedisResult.Create(RedisValue.Null),
        "HMGET" => RedisResult.Create(new RedisValue[arguments - 1]),
        "SRANDMEMBER" or "LRANGE" or "ZRANGE" or "ZRANGEBYSCORE" or "XRANGE" => RedisResult.Create(Array.Empty<RedisValue>()),
        "XINFO" => throw new RedisServerException("ERR no such key"),
        "SCAN" => Reply(new object[] { "0", Array.Empty<object>() }),
        "INFO" => RedisResult.Create((RedisValue)"# Clients\r\nconnected_clients:3\r\n"),
        "CLIENT" => RedisResult.Create((RedisValue)""),
        _ => throw new InvalidOperationException($"No probe should send {command}."),
    };

    private static RedisResult Reply(object? reply) => reply switch
    {
        null => RedisResult.Create(RedisValue.Null),
        int number => RedisResult.Create(number),
        byte[] bytes => RedisResult.Create((RedisValue)bytes),
        string text => RedisResult.Create((RedisValue)text),
        object?[] items => RedisResult.Create(Array.ConvertAll(items, Reply)),
        _ => throw new ArgumentException($"{reply.GetType()} is no reply.", nameof(reply)),
    };
}
