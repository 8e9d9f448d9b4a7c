using System.Text;
using Monitoring.AspNetCore.Live;

namespace Monitoring.AspNetCore.Tests.Live;

public sealed class LiveTurnTests
{
    [Theory]
    [InlineData("""{"page":"redis","window":"5m"}""", LivePage.Redis, 300)]
    [InlineData("""{"window":"90s","page":"SYSTEM"}""", LivePage.System, 90)]
    [InlineData("""{"page":"Overview"}""", LivePage.Overview, 300)]
    [InlineData("""  {"page":"alerts","window":"01:00:00","later":[1,{}]} """, LivePage.Alerts, 3600)]
    public void Reads_page_and_window(string message, object page, int seconds)
    {
        LiveTurn.Read(Encoding.UTF8.GetBytes(message), out var turn).Should().BeNull();

        turn.Should().Be(new LiveTurn((LivePage)page, TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("redis")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"page":1}""")]
    [InlineData("""{"page":"1"}""")]
    [InlineData("""{"page":""}""")]
    [InlineData("""{"page":"redis,queue"}""")]
    [InlineData("""{"page":"<img src=x onerror=alert(1)>"}""")]
    [InlineData("""{"page":"\ud800"}""")]
    [InlineData("""{"page":"redis","window":"2h"}""")]
    [InlineData("""{"page":"redis","window":"0s"}""")]
    [InlineData("""{"page":"redis","window":""}""")]
    [InlineData("""{"page":"redis","window":5}""")]
    [InlineData("""{"page":"redis","window":null}""")]
    [InlineData("""{"page":"redis","window":"\udc00m"}""")]
    [InlineData("""{"page":"redis"} {"page":"redis"}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void Says_what_is_wrong_in_what_a_closing_frame_holds(string message)
    {
        var reason = LiveTurn.Read(Encoding.UTF8.GetBytes(message), out _);

        reason.Should().NotBeNullOrEmpty().And.NotContain("<");
        Encoding.UTF8.GetByteCount(reason!).Should().BeLessThanOrEqualTo(123);
    }
}
