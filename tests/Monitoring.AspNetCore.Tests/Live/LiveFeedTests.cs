using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Monitoring.AspNetCore.Tests.Live;

/// <summary>The feed through a real server. The clock stands still unless a test moves it, so no snapshot comes by itself.</summary>
public sealed class LiveFeedTests
{
    private const string Redis = """{"page":"redis","window":"5m"}""";

    public static TheoryData<string?> Versions => new(null, "2.0");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_first_turn_is_answered_at_once_and_the_next_at_the_next_tick(string? version)
    {
        await using var host = await KestrelHost.StartAsync(protocols: version is null ? HttpProtocols.Http1 : HttpProtocols.Http2);
        using var socket = await host.ConnectAsync(version: version is null ? null : Version.Parse(version));

        socket.SubProtocol.Should().Be("monitoring.v1");
        var first = await KestrelHost.AskAsync(socket, Redis);
        await KestrelHost.SendAsync(socket, Redis);
        var next = KestrelHost.ReceiveAsync(socket);
        await AdvanceUntilAsync(host, next);

        first.Text("page").Should().Be("Redis");
        first.Text("status").Should().NotBeEmpty();
        first.GetProperty("redis").GetProperty("operations").ValueKind.Should().Be(JsonValueKind.Object);
        first.Text("at").Should().StartWith("2026-01-01T00:00:00+");
        Encoding.UTF8.GetString((await next)!).Should().StartWith("{\"page\":\"Redis\"").And.NotContain("\"at\":\"2026-01-01T00:00:00+");
    }

    [Fact]
    public async Task It_is_what_the_same_request_without_a_WebSocket_answers()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();

        foreach (var page in Enum.GetNames<AspNetCore.Live.LivePage>())
        {
            await KestrelHost.SendAsync(socket, $$"""{"page":"{{page}}","window":"1m"}""");
            var receiving = KestrelHost.ReceiveAsync(socket);
            await AdvanceUntilAsync(host, receiving, TimeSpan.FromMilliseconds(100));
            using var fed = JsonDocument.Parse((await receiving)!);
            using var polled = JsonDocument.Parse(await host.Client.GetStringAsync($"{MonitoringHost.Prefix}/live?page={page}&window=1m"));

            Shape(fed).Should().Equal(Shape(polled));
        }
    }

    [Fact]
    public async Task Twenty_clients_of_a_page_are_sent_one_and_the_same_snapshot()
    {
        await using var host = await KestrelHost.StartAsync();
        var sockets = new List<ClientWebSocket>();
        while (sockets.Count < 20)
        {
            sockets.Add(await host.ConnectAsync());
        }

        // One that was taken anew would have one more change in it.
        var (answers, i) = (new List<string>(), 0);
        foreach (var socket in sockets)
        {
            await KestrelHost.SendAsync(socket, """{"page":"overview"}""");
            answers.Add(Encoding.UTF8.GetString((await KestrelHost.ReceiveAsync(socket))!));
            host.Monitor.CircuitBreakers.GetOrAdd($"circuit-{i++}", static _ => true);
        }

        answers.Should().AllBe(answers[0]);
        (await host.Client.GetStringAsync($"{MonitoringHost.Prefix}/live")).Should().NotBe(answers[0]);
        sockets.ForEach(static socket => socket.Dispose());
    }

    [Fact]
    public async Task A_client_that_is_slow_to_ask_is_told_the_newest_and_nothing_of_what_it_has_missed()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();
        await KestrelHost.AskAsync(socket, Redis);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var newest = await KestrelHost.AskAsync(socket, Redis);
        await KestrelHost.SendAsync(socket, "bye");

        newest.Text("at").Should().StartWith("2026-01-01T00:01:00");
        (await KestrelHost.ReceiveAsync(socket)).Should().BeNull("nothing was waiting for it");
    }

    [Fact]
    public async Task After_an_hour_a_client_has_to_come_again()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();
        await KestrelHost.AskAsync(socket, Redis);
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        await KestrelHost.AskAsync(socket, Redis);
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        await KestrelHost.SendAsync(socket, Redis);

        (await KestrelHost.ReceiveAsync(socket)).Should().BeNull();
        socket.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
        using var another = await host.ConnectAsync();
        (await KestrelHost.AskAsync(another, Redis)).Text("page").Should().Be("Redis");
    }

    [Fact]
    public async Task Another_page_need_not_wait_for_the_tick_and_replaces_what_was_asked_for_before()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();
        await KestrelHost.AskAsync(socket, Redis);
        host.Clock.Advance(TimeSpan.FromMilliseconds(100));

        await KestrelHost.SendAsync(socket, Redis);
        var queue = await KestrelHost.AskAsync(socket, """{"page":"queue"}""");

        queue.Text("page").Should().Be("Queue");
        queue.Text("at").Should().StartWith("2026-01-01T00:00:00.1");
    }

    [Fact]
    public async Task Of_two_pages_that_take_turns_each_is_told_once_a_tick()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();
        var asked = 0;
        var told = new List<string>();
        while (told.Count < 30)
        {
            await KestrelHost.SendAsync(socket, ++asked % 2 == 0 ? Redis : """{"page":"queue","window":"5m"}""");
            var receiving = KestrelHost.ReceiveAsync(socket);
            await AdvanceUntilAsync(host, receiving, TimeSpan.FromMilliseconds(50));
            using var snapshot = JsonDocument.Parse((await receiving)!);
            told.Add($"{snapshot.RootElement.Text("page")} {snapshot.RootElement.Text("at")![..19]}");
        }

        told.Should().OnlyHaveUniqueItems("no page comes twice in one second");
    }

    [Theory]
    [InlineData("redis", "This is not JSON.")]
    [InlineData("""{"page":"unknown"}""", "The page is not known*")]
    [InlineData("""{"page":"redis","window":"2h"}""", "This is not a window*")]
    public async Task A_message_that_is_wrong_ends_the_connection_with_the_reason(string message, string reason)
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();

        await KestrelHost.SendAsync(socket, message);

        (await KestrelHost.ReceiveAsync(socket)).Should().BeNull();
        socket.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
        socket.CloseStatusDescription.Should().Match(reason);
    }

    [Theory]
    [InlineData(1024, WebSocketCloseStatus.PolicyViolation)]
    [InlineData(1025, WebSocketCloseStatus.MessageTooBig)]
    [InlineData(200_000, WebSocketCloseStatus.MessageTooBig)]
    public async Task A_message_has_at_most_a_kilobyte(int length, WebSocketCloseStatus expected)
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();

        await KestrelHost.SendAsync(socket, new string('a', length));

        (await KestrelHost.ReceiveAsync(socket)).Should().BeNull();
        socket.CloseStatus.Should().Be(expected);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_connection_may_last_however_much_is_said_on_it(string? version)
    {
        await using var host = await KestrelHost.StartAsync(protocols: version is null ? HttpProtocols.Http1 : HttpProtocols.Http2);
        using var socket = await host.ConnectAsync(version: version is null ? null : Version.Parse(version));

        // Over HTTP/2 the messages are a body, which the API limits for requests.
        var message = Redis.PadRight(1000);
        for (var sent = 0; sent <= 4 * AspNetCore.Security.ApiGate.LongestBody; sent += message.Length)
        {
            await KestrelHost.SendAsync(socket, message);
        }

        (await KestrelHost.AskAsync(socket, Redis)).Text("page").Should().Be("Redis");
    }

    [Fact]
    public async Task Bytes_are_not_understood()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = await host.ConnectAsync();

        await KestrelHost.SendAsync(socket, Redis, WebSocketMessageType.Binary);

        (await KestrelHost.ReceiveAsync(socket)).Should().BeNull();
        socket.CloseStatus.Should().Be(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Beyond_the_limit_a_connection_is_refused_until_another_has_ended()
    {
        await using var host = await KestrelHost.StartAsync(new() { ["Monitoring:Api:LiveConnections"] = "2" });
        var (first, second) = (await host.ConnectAsync(), await host.ConnectAsync());
        using var _ = second;

        (await host.RefusalAsync()).Should().Be(HttpStatusCode.ServiceUnavailable);
        using (first)
        {
            await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }

        await Eventually.HoldsAsync(() => HasRoomAsync(host));
        (await host.Client.GetAsync($"{MonitoringHost.Prefix}/live")).StatusCode.Should().Be(HttpStatusCode.OK, "who polls holds no connection");
    }

    [Fact]
    public async Task When_the_host_stops_it_says_so_and_does_not_wait_for_clients()
    {
        await using var host = await KestrelHost.StartAsync();
        using var idle = await host.ConnectAsync();
        using var waiting = await host.ConnectAsync();
        using var silent = await host.ConnectAsync();
        await KestrelHost.AskAsync(waiting, Redis);
        await KestrelHost.SendAsync(waiting, Redis);
        var (first, second) = (KestrelHost.ReceiveAsync(idle), KestrelHost.ReceiveAsync(waiting));

        var stopping = host.StopAsync();
        (await first).Should().BeNull();
        (await second).Should().BeNull();

        // The third does not answer; the clock decides how long it has.
        await AdvanceUntilAsync(host, stopping);
        idle.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
        waiting.CloseStatus.Should().Be(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Fact]
    public async Task A_client_that_vanishes_is_no_error()
    {
        await using var host = await KestrelHost.StartAsync(new() { ["Monitoring:Api:LiveConnections"] = "1" });
        var socket = await host.ConnectAsync();
        await KestrelHost.AskAsync(socket, Redis);
        await KestrelHost.SendAsync(socket, Redis);

        socket.Abort();

        await Eventually.HoldsAsync(() => HasRoomAsync(host));
        host.Log.Entries.Should().NotContain(static entry => entry.EventId == 1530 || entry.EventId == 1541);
    }

    [Fact]
    public async Task The_key_is_offered_as_a_subprotocol_and_never_given_back()
    {
        await using var host = await KestrelHost.StartAsync(MonitoringHost.BothKeys);

        using var socket = await host.ConnectAsync(key: MonitoringHost.ReaderKey);
        using var byHeader = await host.ConnectAsync(static options => options.SetRequestHeader("X-Api-Key", MonitoringHost.AdminKey));

        socket.SubProtocol.Should().Be("monitoring.v1");
        (await KestrelHost.AskAsync(socket, Redis)).Text("page").Should().Be("Redis");
        (await KestrelHost.AskAsync(byHeader, Redis)).Text("page").Should().Be("Redis");
        (await host.RefusalAsync()).Should().Be(HttpStatusCode.Unauthorized);
        (await host.RefusalAsync(key: "wrong-key-0123456789")).Should().Be(HttpStatusCode.Unauthorized);
        (await host.RefusalAsync(static options => options.AddSubProtocol("monitoring.key."))).Should().Be(HttpStatusCode.Unauthorized);
        (await host.RefusalAsync(static options => options.AddSubProtocol("monitoring.key.%%%"))).Should().Be(HttpStatusCode.Unauthorized);
        (await host.RefusalAsync(static options => options.AddSubProtocol($"monitoring.key.{new string('A', 4000)}"))).Should().Be(HttpStatusCode.Unauthorized);
        (await host.RefusalAsync(static options => options.AddSubProtocol("monitoring.key.YWRtaW4ta2V5LTAxMjM0NTY3ODk"), MonitoringHost.ReaderKey)).Should().Be(HttpStatusCode.Unauthorized, "two keys are none");
    }

    [Fact]
    public async Task A_key_among_subprotocols_counts_for_WebSockets_only()
    {
        await using var host = await KestrelHost.StartAsync(MonitoringHost.BothKeys);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{MonitoringHost.Prefix}/live");
        request.Headers.Add("Sec-WebSocket-Protocol", "monitoring.v1, monitoring.key.YWRtaW4ta2V5LTAxMjM0NTY3ODk");

        (await host.Client.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_WebSocket_of_another_protocol_is_refused()
    {
        await using var host = await KestrelHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var connect = () => socket.ConnectAsync(new UriBuilder(host.Client.BaseAddress!) { Scheme = "ws", Path = $"{MonitoringHost.Prefix}/live" }.Uri, CancellationToken.None);

        await connect.Should().ThrowAsync<WebSocketException>();

        socket.HttpStatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_host_with_WebSockets_of_its_own_is_not_disturbed_and_no_request_is_recorded()
    {
        await using var host = await KestrelHost.StartAsync(map: static app =>
        {
            app.UseRequestMonitoring();
            app.UseWebSockets();
            app.MapMonitoring();
        });
        using (var socket = await host.ConnectAsync())
        {
            await KestrelHost.AskAsync(socket, Redis);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }

        await Eventually.HoldsAsync(() => host.Monitor.Requests.GetSummary(TimeSpan.FromHours(1)) is { Count: 0 });
        host.Log.Entries.Should().NotContain(static entry => entry.EventId == 1620);
    }

    // A place is free a little after its client has gone.
    private static async Task<bool> HasRoomAsync(KestrelHost host)
    {
        try
        {
            using var next = await host.ConnectAsync();
            return next.State == WebSocketState.Open;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Shape(JsonDocument snapshot) =>
        snapshot.RootElement.EnumerateObject().Select(static member => $"{member.Name} {member.Value.ValueKind} {(member.Name == "page" ? member.Value : default)}");

    /// <summary>Moves the clock on until it is done: what waits for the clock may begin to wait only after it has been moved.</summary>
    private static async Task AdvanceUntilAsync(KestrelHost host, Task done, TimeSpan? step = null) =>
        await Eventually.HoldsAsync(() =>
        {
            if (!done.IsCompleted)
            {
                host.Clock.Advance(step ?? TimeSpan.FromSeconds(1));
            }

            return done.IsCompleted;
        });
}
