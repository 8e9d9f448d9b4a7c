using System.Net;
using Monitoring.Redis.Diagnostics;
using NSubstitute;
using StackExchange.Redis;

namespace Monitoring.Redis.Tests.Diagnostics;

public sealed class DiagnosticsConfigurationTests
{
    [Fact]
    public void Carries_servers_credentials_and_encryption_of_the_monitored_connection()
    {
        var options = Create("10.0.0.1:6379,10.0.0.2:6380,user=app,password=p:a ss,ssl=true,sslHost=redis.example,defaultDatabase=3");

        options.EndPoints.Should().Equal(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 6379), new IPEndPoint(IPAddress.Parse("10.0.0.2"), 6380));
        options.Should().BeEquivalentTo(new { User = "app", Password = "p:a ss", Ssl = true, SslHost = "redis.example", DefaultDatabase = 3 });
    }

    [Fact]
    public void Is_named_light_and_never_queues()
    {
        var options = Create("localhost,name=orders,abortConnect=true,syncTimeout=60000,protocol=resp3");

        options.ClientName.Should().Be("monitoring");
        options.AbortOnConnectFail.Should().BeFalse();
        options.BacklogPolicy.QueueWhileDisconnected.Should().BeFalse();
        options.AsyncTimeout.Should().Be(2000);
        options.SocketManager.Should().NotBeNull().And.NotBeSameAs(SocketManager.Shared);
        options.CommandMap.ToString().Should().Contain("$SUBSCRIBE=,", "it needs no second socket").And.NotContain("INFO");
    }

    [Fact]
    public void Keeps_renamed_commands()
    {
        var options = Create("localhost,$INFO=about");

        options.CommandMap.ToString().Should().Contain("ABOUT");
    }

    [Fact]
    public void Uses_what_the_application_says_instead_and_leaves_it_as_it_was()
    {
        var given = new ConfigurationOptions { User = "watcher", Password = "secret", ClientName = "theirs" };

        DiagnosticsConfiguration.TryCreate(Inner("localhost:6379,user=app"), given, out var options, out _).Should().BeTrue();

        options!.User.Should().Be("watcher");
        options.EndPoints.Should().ContainSingle("it named none, so it is about the monitored ones");
        given.ClientName.Should().Be("theirs");
        given.EndPoints.Should().BeEmpty();
    }

    [Theory]
    [InlineData("", "its configuration is empty")]
    [InlineData("localhost,password=hush,connectTimeout=soon", "its configuration cannot be read")]
    public void Says_why_there_is_none_without_quoting_it(string configuration, string expected)
    {
        DiagnosticsConfiguration.TryCreate(Inner(configuration), null, out var options, out var reason).Should().BeFalse();

        options.Should().BeNull();
        reason.Should().Be(expected);
    }

    [Fact]
    public void Is_silently_absent_for_a_stand_in_without_servers()
    {
        DiagnosticsConfiguration.TryCreate(Substitute.For<IConnectionMultiplexer>(), null, out _, out var reason).Should().BeFalse();

        reason.Should().BeNull();
    }

    private static ConfigurationOptions Create(string configuration)
    {
        DiagnosticsConfiguration.TryCreate(Inner(configuration), null, out var options, out _).Should().BeTrue();
        return options!;
    }

    private static IConnectionMultiplexer Inner(string configuration)
    {
        var inner = Substitute.For<IConnectionMultiplexer>();
        inner.Configuration.Returns(configuration);
        inner.GetEndPoints(Arg.Any<bool>()).Returns([new DnsEndPoint("localhost", 6379)]);
        return inner;
    }
}
