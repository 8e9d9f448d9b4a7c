using System.Net.Sockets;
using Monitoring.Services;

namespace Monitoring.Core.Tests.Services;

public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("Failed to connect to 10.0.0.5:5432", "Failed to connect to 10.0.0.5:5432")]
    [InlineData("bad Host=db;Username=joe;Password=hunter2", "The message is not shown: it has what looks like a connection string.")]
    [InlineData("Server = db ; User Id = sa ; Pwd = hunter2", "The message is not shown: it has what looks like a connection string.")]
    [InlineData("redis:6379,password=hunter2,ssl=true", "redis:6379,password=***,ssl=true")]
    [InlineData("GET https://joe:hunter2@host/path failed", "GET https://***@host/path failed")]
    [InlineData("GET https://host/path?sig=hunter2&x=1 failed", "GET https://host/path?*** failed")]
    [InlineData("header Authorization: Bearer hunter2", "header Authorization=*** ***")]
    [InlineData("x-api-key: 'hunter2' refused", "x-api-key=***' refused")]
    [InlineData("{\"client_secret\": \"hunter2\"}", "{\"client_secret=***\"}")]
    [InlineData("a\r\n[ERROR] forged", "a  [ERROR] forged")]
    [InlineData("  ", null)]
    public void Has_one_line_and_no_secrets(string text, string? expected)
    {
        ErrorText.Clean(text).Should().Be(expected);
        (ErrorText.Clean(text) ?? "").Should().NotContain("hunter2");
    }

    [Fact]
    public void Is_bounded() => ErrorText.Clean(new string('=', 100_000)).Should().HaveLength(200);

    [Fact]
    public void Says_what_a_socket_says() => ErrorText.Of(new HttpRequestException("secret.internal:80", new SocketException((int)SocketError.ConnectionRefused))).Should().Be("SocketException: ConnectionRefused");

    [Fact]
    public void Leaves_out_messages_that_repeat_what_was_given() => ErrorText.Of(new ArgumentException("Format of the initialization string 'hunter2' is wrong")).Should().Be("ArgumentException.");
}
