using Monitoring.TestSupport;

namespace Monitoring.IntegrationTests.Service;

public sealed class StartTests
{
    [Fact]
    public async Task Missing_settings_stop_the_start_with_one_line_that_names_them()
    {
        using var service = ServiceProcess.Start("--ConnectionStrings:Redis=127.0.0.1:1");
        var error = await service.StandardError.ReadToEndAsync();
        await service.WaitForExitAsync();

        service.ExitCode.Should().Be(1);
        error.Trim().Should().Contain("GitHub:Secret").And.Contain("Twilio:AuthToken").And.NotContain("ConnectionStrings:Redis").And.NotContain("\n");
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_and_is_named()
    {
        await using var redis = await ServerProcess.StartRedisAsync();

        var start = () => ServiceProcess.StartAsync(redis.EndPoint, "--Monitoring:TaskQueue:Workers=0");

        (await start.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain("Monitoring:TaskQueue:Workers is 0; allowed: 1 to 1024");
    }
}
