using System.Diagnostics;

namespace StandIns.Tests.Server;

/// <summary>What the tests ask of every client, and how they wait for it.</summary>
internal static class Client
{
    /// <summary>Generous: a busy machine must not fail a test.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    public static ConfigurationOptions Options(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AllowAdmin = true;
        options.ConnectTimeout = 10_000;
        options.SyncTimeout = 10_000;
        options.AsyncTimeout = 10_000;
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
        options.ReconnectRetryPolicy = new LinearRetry(100);
        return options;
    }

    public static Task<ConnectionMultiplexer> ConnectAsync(RedisServer server, Action<ConfigurationOptions>? configure = null)
    {
        var options = Options(server.Address);
        configure?.Invoke(options);
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>A key no other test uses.</summary>
    public static RedisKey Key(string name = "key") => $"{name}:{Guid.NewGuid():N}";

    /// <summary>Tries until it works; throws what the last attempt threw when patience runs out.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> attempt)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (e is RedisException or TimeoutException && since.Elapsed < Patience)
            {
                await Task.Delay(50);
            }
        }
    }

    public static async Task UntilAsync(Func<bool> reached, string what)
    {
        var since = Stopwatch.StartNew();
        while (!reached())
        {
            if (since.Elapsed > Patience)
                throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(20);
        }
    }
}
