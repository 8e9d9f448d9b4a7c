using System.Diagnostics;
using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Demo;

public sealed class DemoTests
{
    [Theory]
    [InlineData("--port 0", "--port is '0'; allowed: 1 to 65535.")]
    [InlineData("--port http", "--port is 'http'; allowed: 1 to 65535.")]
    [InlineData("--seconds 0", "--seconds is '0'; allowed: 1 to 86400.")]
    [InlineData("--seconds -5", "--seconds is '-5'; allowed: 1 to 86400.")]
    [InlineData("--rate 5000", "--rate is '5000'; allowed: 1 to 1000.")]
    [InlineData("--rate", "--rate needs a value.")]
    [InlineData("--redis localhost", "--redis is 'localhost'; allowed: HOST:PORT.")]
    [InlineData("--redis 127.0.0.1:1", "no Redis listens at 127.0.0.1:1.")]
    [InlineData("--scenario flood", "--scenario is 'flood'; allowed: outage.")]
    [InlineData("--scenario outage --seconds 10", "--seconds 25 or more")]
    [InlineData("--scenario outage --redis 127.0.0.1:6379", "leave out --redis.")]
    [InlineData("--colour", "'--colour' is unknown.")]
    public async Task A_wrong_argument_is_answered_with_one_line(string arguments, string message)
    {
        var (exitCode, output, error) = await RunAsync(arguments.Split(' '));

        exitCode.Should().Be(2);
        output.Should().BeEmpty();
        error.TrimEnd().Should().StartWith("demo: ").And.Contain(message).And.NotContain("\n");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var redis = await ServerProcess.StartRedisAsync();

        var (exitCode, _, error) = await RunAsync("--port", $"{redis.Port}");

        exitCode.Should().Be(2);
        error.Should().Contain($"port {redis.Port} is in use");
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var demo = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "eng", "demo"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = demo.StandardOutput.ReadToEndAsync();
        var error = demo.StandardError.ReadToEndAsync();
        await demo.WaitForExitAsync();
        return (demo.ExitCode, await output, await error);
    }
}
