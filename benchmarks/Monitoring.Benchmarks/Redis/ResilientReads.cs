using Polly;
using StackExchange.Redis;

namespace Monitoring.Benchmarks.Redis;

/// <summary>
/// What people write by hand: every call of the database through a resilience pipeline of Polly, put together as its
/// documentation has it (retry outside, then circuit breaker, then timeout), each strategy with its defaults.
/// </summary>
internal sealed class ResilientReads(IDatabase inner)
{
    public const string Strategies = "retry, circuit breaker and timeout, each with its defaults";

    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new())
        .AddCircuitBreaker(new())
        .AddTimeout(TimeSpan.FromSeconds(10))
        .Build();

    public bool KeyExists(RedisKey key) => _pipeline.Execute(static s => s.inner.KeyExists(s.key), (inner, key));

    public async Task<RedisValue> StringGetAsync(RedisKey key) =>
        await _pipeline.ExecuteAsync(static async (s, _) => await s.inner.StringGetAsync(s.key).ConfigureAwait(false), (inner, key)).ConfigureAwait(false);
}
