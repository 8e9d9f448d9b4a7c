using Microsoft.Extensions.DependencyInjection;
using Monitoring.Redis.Decorators;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests;

public sealed class DependencyInjectionTests
{
    private readonly ServiceCollection _services = new();
    private readonly IConnectionMultiplexer _inner = Substitute.For<IConnectionMultiplexer>();

    [Fact]
    public void AddRedis_registers_a_monitored_connection_that_the_container_disposes_once()
    {
        _services.AddMonitoring().AddRedis(_ => _inner);

        using (var provider = _services.BuildServiceProvider())
        {
            var connection = provider.GetRequiredService<IConnectionMultiplexer>();
            connection.Should().BeAssignableTo<IMonitoredMultiplexer>().And.BeSameAs(provider.GetRequiredService<IConnectionMultiplexer>());
        }

        _inner.Received(1).Dispose();
    }

    [Fact]
    public void AddRedis_refuses_a_configuration_that_cannot_be_read() =>
        _services.AddMonitoring().Invoking(b => b.AddRedis("localhost:6379,noSuchOption=1")).Should().Throw<ArgumentException>();

    [Fact]
    public void AddRedis_does_not_fail_the_start_when_Redis_is_away()
    {
        _services.AddMonitoring().AddRedis("127.0.0.1:1,connectTimeout=500,connectRetry=1");

        using var provider = _services.BuildServiceProvider();

        provider.GetRequiredService<IConnectionMultiplexer>().IsConnected.Should().BeFalse();
    }

    [Fact]
    public void DecorateRedis_monitors_what_is_registered_whatever_its_kind_and_lifetime()
    {
        _services.AddSingleton(_inner);
        _services.AddKeyedSingleton<IConnectionMultiplexer>("sessions", (_, _) => Substitute.For<IConnectionMultiplexer>());
        _services.AddKeyedScoped<IConnectionMultiplexer>("scoped", (_, _) => Substitute.For<IConnectionMultiplexer>());
        _services.AddKeyedTransient<IConnectionMultiplexer>("transient", (_, _) => Substitute.For<IConnectionMultiplexer>());
        _services.AddMonitoring().DecorateRedis();

        using var provider = _services.BuildServiceProvider();
        using var scope = provider.CreateScope();

        scope.ServiceProvider.GetRequiredService<IConnectionMultiplexer>().Should().BeAssignableTo<IMonitoredMultiplexer>();
        foreach (var key in new[] { "sessions", "scoped", "transient" })
        {
            scope.ServiceProvider.GetRequiredKeyedService<IConnectionMultiplexer>(key).Should().BeAssignableTo<IMonitoredMultiplexer>();
        }

        _services.Where(d => d.ServiceType == typeof(IConnectionMultiplexer)).Select(d => d.Lifetime)
            .Should().Equal(ServiceLifetime.Singleton, ServiceLifetime.Singleton, ServiceLifetime.Scoped, ServiceLifetime.Transient);
        provider.GetRequiredService<IPerformanceMonitor>().Redis.GetSummary().Connections.Select(c => c.Name).Should().Contain("sessions");
    }

    [Fact]
    public void An_instance_that_the_application_registered_stays_the_applications_to_dispose()
    {
        _services.AddSingleton(_inner);
        _services.AddMonitoring().DecorateRedis();

        using (var provider = _services.BuildServiceProvider())
        {
            provider.GetRequiredService<IConnectionMultiplexer>();
        }

        _inner.DidNotReceive().Dispose();
    }

    [Fact]
    public async Task What_a_factory_made_is_disposed_once()
    {
        _services.AddSingleton(_ => _inner);
        _services.AddMonitoring().DecorateRedis().DecorateRedis();

        await using (var provider = _services.BuildServiceProvider())
        {
            provider.GetRequiredService<IConnectionMultiplexer>();
        }

        await _inner.Received(1).DisposeAsync();
        _inner.DidNotReceive().Dispose();
    }

    [Fact]
    public void DecorateRedis_before_any_registration_says_so() =>
        _services.AddMonitoring().Invoking(b => b.DecorateRedis()).Should().Throw<InvalidOperationException>().WithMessage("*register it first*");
}
