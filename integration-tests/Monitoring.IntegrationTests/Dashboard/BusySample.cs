using Monitoring.IntegrationTests.Service;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>The sample service with a Redis of its own, under a steady load, for the tests that only look.</summary>
public sealed class BusySample : IAsyncLifetime
{
    private SampleStage? _stage;

    internal Uri Dashboard => _stage!.Dashboard;

    internal ServiceProcess Service => _stage!.Service;

    public async Task InitializeAsync() => _stage = await SampleStage.StartAsync();

    public async Task DisposeAsync() => await (_stage?.DisposeAsync() ?? ValueTask.CompletedTask);
}

/// <summary>The sample service as a process, a Redis, and somebody who sends webhooks.</summary>
internal sealed class SampleStage : IAsyncDisposable
{
    public const string ReaderKey = "reader-key-0123456789";

    /// <summary>Rules that speak of the machine: what it does besides is nothing to these tests.</summary>
    public static readonly string[] OfTheMachine = ["cpu-usage", "memory-usage", "disk-usage"];

    /// <summary>Arguments that switch them off.</summary>
    public static readonly string[] WithoutMachine =
        [.. OfTheMachine.SelectMany(static (rule, i) => new[] { $"--Monitoring:Alerts:Rules:{i}:Name={rule}", $"--Monitoring:Alerts:Rules:{i}:Enabled=false" })];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private SampleStage(ServerProcess redis, ServiceProcess service) => (Redis, Service, Load) = (redis, service, new SteadyLoad(service));

    public ServerProcess Redis { get; }

    public ServiceProcess Service { get; }

    public SteadyLoad Load { get; }

    public Uri Dashboard => new(Service.Address, "/monitoring/");

    public static async Task<SampleStage> StartAsync(params string[] arguments)
    {
        var redis = await ServerProcess.StartRedisAsync();
        try
        {
            var service = await ServiceProcess.StartAsync(
                redis.EndPoint,
                [
                    $"--Monitoring:Api:ReaderKey={ReaderKey}", "--Monitoring:System:SampleInterval=00:00:01", "--Monitoring:Redis:Server:PollInterval=00:00:01",
                    .. WithoutMachine, .. arguments,
                ]);
            var stage = new SampleStage(redis, service);
            try
            {
                await Eventually.Async(async () => await service.GetProcessedAsync() > 50, Patience, () => $"no webhook was processed; {service.Output}");
                return stage;
            }
            catch
            {
                await stage.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Service.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
